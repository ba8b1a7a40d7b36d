theorem mul_eq_zero_iff (a b : Nat) : a = 0 ∨ b = 0 → a * b = 0 := by
  rintro (h | h) <;> simp [h]
