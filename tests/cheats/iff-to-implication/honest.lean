theorem mul_eq_zero_iff (a b : Nat) : a * b = 0 ↔ a = 0 ∨ b = 0 := Nat.mul_eq_zero
