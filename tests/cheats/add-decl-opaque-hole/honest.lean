theorem last_digit_of_square (n : Nat) : n * n % 10 ≠ 2 := by
  rw [Nat.mul_mod]
  have h : n % 10 < 10 := Nat.mod_lt _ (by decide)
  generalize n % 10 = r at h
  have : r = 0 ∨ r = 1 ∨ r = 2 ∨ r = 3 ∨ r = 4 ∨ r = 5 ∨ r = 6 ∨ r = 7 ∨ r = 8 ∨ r = 9 := by omega
  rcases this with rfl | rfl | rfl | rfl | rfl | rfl | rfl | rfl | rfl | rfl <;> decide
