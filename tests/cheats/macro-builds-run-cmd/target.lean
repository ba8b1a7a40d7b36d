theorem le_sum_of_squares (a b : Nat) : a ≤ a * a + b := sorry
