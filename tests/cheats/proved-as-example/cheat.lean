example (a b c : Nat) : max (max a b) c = max a (max b c) := by omega
