theorem list_map_length (f : Nat → Nat) (xs : List Nat) : (xs.map f).length = xs.length := List.length_map f
