theorem abs_sum (a b : Int) : (a + b) * (a + b) ≤ 2 * (a * a + b * b) := sorry
