theorem diff_of_squares (a b : Int) : (a - b) * (a + b) = a * a - b * b := sorry
