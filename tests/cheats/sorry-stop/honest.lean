theorem three_dvd_cubes (n : Nat) : (n * (n + 1) * (n + 2)) % 3 = 0 := by
  have h : n % 3 = 0 ∨ n % 3 = 1 ∨ n % 3 = 2 := by omega
  rcases h with h | h | h <;> simp [Nat.mul_mod, Nat.add_mod, h]
