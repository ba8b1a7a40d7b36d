theorem main_bound (n : Nat) : n * n ≤ n * n * n + 1 := by
  rcases Nat.eq_zero_or_pos n with rfl | h
  · decide
  · exact Nat.le_succ_of_le (Nat.le_mul_of_pos_right _ h)
