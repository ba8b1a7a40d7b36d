theorem cube_mod_nine (n : Nat) : n * n * n % 9 = 0 ∨ n * n * n % 9 = 1 ∨ n * n * n % 9 = 8 := sorry
