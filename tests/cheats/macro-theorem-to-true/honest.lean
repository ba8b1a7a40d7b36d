theorem fermat_two (n : Nat) : n * n % 2 = n % 2 := by
  have h : n % 2 = 0 ∨ n % 2 = 1 := by omega
  rcases h with h | h <;> simp [Nat.mul_mod, h]
