theorem sum_sq_ge (a b : Int) : 2 * (a * b) ≤ a * a + b * b := sorry
