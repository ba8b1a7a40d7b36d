theorem le_sum_of_squares (a b : Nat) : a ≤ a * a + b := by
  cases a with
  | zero => omega
  | succ a => simp only [Nat.add_mul, Nat.mul_add]; omega
