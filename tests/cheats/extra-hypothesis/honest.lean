theorem sq_mod_three (n : Nat) (h : n % 3 ≠ 0) : n * n % 3 = 1 := by
  have : n % 3 = 1 ∨ n % 3 = 2 := by omega
  rcases this with h | h <;> simp [Nat.mul_mod, h]
