theorem sq_mod_three (n : Nat) (h : n % 3 ≠ 0) (hn : n < 3) : n * n % 3 = 1 := by
  have : n = 1 ∨ n = 2 := by omega
  rcases this with rfl | rfl <;> rfl
