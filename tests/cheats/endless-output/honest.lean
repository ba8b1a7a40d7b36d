theorem filter_length_le (xs : List Nat) : (xs.filter (· = 0)).length ≤ xs.length := List.length_filter_le _ xs
