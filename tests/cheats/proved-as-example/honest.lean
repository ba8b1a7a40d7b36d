theorem max_assoc_nat (a b c : Nat) : max (max a b) c = max a (max b c) := by omega

example : max (max 1 2) 3 = 3 := max_assoc_nat 1 2 3
