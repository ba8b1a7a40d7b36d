theorem swap_sum (a b c : Int) : a + b - c = b - c + a := sorry
