theorem four_dvd_even_sq (n : Nat) (h : n % 2 = 0) : n * n % 4 = 0 := sorry
