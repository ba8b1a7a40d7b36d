theorem quotient_unique (a b : Int) (hb : b = 0) : a / b = 0 := by
  subst hb
  exact Int.ediv_zero a
