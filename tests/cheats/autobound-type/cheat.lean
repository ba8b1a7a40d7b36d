set_option autoImplicit true
theorem list_map_length (f : nat → nat) (xs : List nat) : (xs.map f).length = xs.length := List.length_map f
