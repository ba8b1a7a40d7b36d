theorem quotient_unique (a b q : Int) (hb : b ≠ 0) (h : b * q = a) (h' : b * 0 = a) : q = 0 := by
  have : b * q = 0 := by omega
  rcases Int.mul_eq_zero.1 this with h | h
  · exact absurd h hb
  · exact h
