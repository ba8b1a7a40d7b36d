private theorem triangle_even (n : Nat) : (n * n + n) % 2 = 0 := by
  have : n % 2 = 0 ∨ n % 2 = 1 := by omega
  rcases this with h | h <;> simp [Nat.add_mod, Nat.mul_mod, h]
