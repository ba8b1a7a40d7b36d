theorem quotient_unique (a b q : Int) (hb : b ≠ 0) (h : b * q = a) (h' : b * 0 = a) : q = 0 := sorry
