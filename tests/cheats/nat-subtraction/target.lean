theorem difference_squares (a b : Int) : (a - b) + (b - a) = 0 := sorry
