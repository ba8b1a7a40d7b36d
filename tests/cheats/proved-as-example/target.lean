theorem max_assoc_nat (a b c : Nat) : max (max a b) c = max a (max b c) := sorry
