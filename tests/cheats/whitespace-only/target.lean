theorem sq_zero (n : Nat) (h : n * n = 0) : n = 0 := sorry
