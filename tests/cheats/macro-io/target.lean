theorem append_nil_twice (xs : List Nat) : xs ++ [] ++ [] = xs := sorry
