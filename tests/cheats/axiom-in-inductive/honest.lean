theorem reverse_twice (xs : List Nat) : xs.reverse.reverse = xs := List.reverse_reverse xs
