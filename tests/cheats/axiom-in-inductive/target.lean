theorem reverse_twice (xs : List Nat) : xs.reverse.reverse = xs := sorry
