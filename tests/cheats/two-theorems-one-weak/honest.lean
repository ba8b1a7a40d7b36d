theorem first_step (a b : Nat) (h : a ≤ b) : a * a ≤ b * b := Nat.mul_le_mul h h
theorem second_step (a b : Nat) (h : a ≤ b) : a * a * a ≤ b * b * b := Nat.mul_le_mul (first_step a b h) h
