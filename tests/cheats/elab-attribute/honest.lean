theorem twice_le_sq (n : Nat) (h : 2 ≤ n) : 2 * n ≤ n * n := Nat.mul_le_mul_right n h
