theorem eq_of_double_eq (a b : Nat) (h : 2 * a = 2 * b) : a = b := by omega
