theorem cube_mod_nine (n : Nat) : n * n * n % 9 = 0 ∨ n * n * n % 9 = 1 ∨ n * n * n % 9 = 8 := by
  have e : n * n * n % 9 = n % 9 * (n % 9) * (n % 9) % 9 := by simp [Nat.mul_mod]
  rw [e]
  have h : n % 9 < 9 := Nat.mod_lt _ (by decide)
  generalize n % 9 = r at h
  have : r = 0 ∨ r = 1 ∨ r = 2 ∨ r = 3 ∨ r = 4 ∨ r = 5 ∨ r = 6 ∨ r = 7 ∨ r = 8 := by omega
  rcases this with rfl | rfl | rfl | rfl | rfl | rfl | rfl | rfl | rfl <;> decide
