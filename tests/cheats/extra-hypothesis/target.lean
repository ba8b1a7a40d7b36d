theorem sq_mod_three (n : Nat) (h : n % 3 ≠ 0) : n * n % 3 = 1 := sorry
