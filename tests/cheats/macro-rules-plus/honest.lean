theorem square_root_sum (a b : Nat) (h : a * a + b * b = 0) : a + b = 0 := by
  have ha : a * a = 0 := by omega
  have hb : b * b = 0 := by omega
  have ha : a = 0 := (Nat.mul_eq_zero.1 ha).elim id id
  have hb : b = 0 := (Nat.mul_eq_zero.1 hb).elim id id
  omega
