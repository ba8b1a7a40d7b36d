theorem add_right_inj_nat (a b c : Nat) : a + b = a + c ↔ b = c := by omega
