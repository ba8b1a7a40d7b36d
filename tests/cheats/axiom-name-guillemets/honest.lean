theorem lt_succ_sq (n : Nat) : n < n * n + 1 := by
  cases n with
  | zero => decide
  | succ n => simp only [Nat.add_mul, Nat.mul_add]; omega
