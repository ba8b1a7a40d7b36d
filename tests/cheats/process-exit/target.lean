theorem mul_two_inj (a b : Int) (h : a * 2 = b * 2) : a = b := sorry
