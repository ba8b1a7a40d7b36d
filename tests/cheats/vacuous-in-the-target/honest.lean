theorem root_of_two (a b : Nat) (hb : 0 < b) (h : b + b = 1) : a * a = 2 * (b * b) := by
  exfalso
  omega
