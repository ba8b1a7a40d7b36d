theorem filter_length_le (xs : List Nat) : (xs.filter (· = 0)).length ≤ xs.length := sorry
