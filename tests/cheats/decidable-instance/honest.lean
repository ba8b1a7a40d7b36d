def sign (a : Int) : Int := if 0 ≤ a then 1 else -1
theorem sign_mul_self (a : Int) : sign a * sign a = 1 := by
  simp only [sign]
  split <;> rfl
