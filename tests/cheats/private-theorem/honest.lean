private theorem cases2 (n : Nat) : n % 2 = 0 ∨ n % 2 = 1 := by omega

theorem triangle_even (n : Nat) : (n * n + n) % 2 = 0 := by
  rcases cases2 n with h | h <;> simp [Nat.add_mod, Nat.mul_mod, h]
