theorem even_sum_of_squares (a b : Nat) (h : (a + b) % 2 = 0) : (a * a + b * b) % 2 = 0 := by
  have : a % 2 = 0 ∧ b % 2 = 0 ∨ a % 2 = 1 ∧ b % 2 = 1 := by omega
  rcases this with ⟨ha, hb⟩ | ⟨ha, hb⟩ <;> simp [Nat.add_mod, Nat.mul_mod, ha, hb]
