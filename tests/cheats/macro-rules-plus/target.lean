theorem square_root_sum (a b : Nat) (h : a * a + b * b = 0) : a + b = 0 := sorry
