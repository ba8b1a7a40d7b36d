theorem even_sum_of_squares (a b : Nat) (h : (a + b) % 2 = 0) : (a * a + b * b) % 2 = 0 := sorry
