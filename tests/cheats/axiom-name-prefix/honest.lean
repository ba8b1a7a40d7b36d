theorem four_dvd_even_sq (n : Nat) (h : n % 2 = 0) : n * n % 4 = 0 := by
  have : n % 4 = 0 ∨ n % 4 = 2 := by omega
  rcases this with h | h <;> simp [Nat.mul_mod, h]
