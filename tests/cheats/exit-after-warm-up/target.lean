theorem add_eq_zero (a b : Nat) (h : a + b = 0) : a = 0 ∧ b = 0 := sorry
