theorem le_pow_self (n k : Nat) (h : 1 ≤ k) : n ≤ n ^ k ∨ n = 0 := by
  rcases Nat.eq_zero_or_pos n with h0 | h0
  · exact .inr h0
  · exact .inl (by simpa using Nat.pow_le_pow_right h0 h)
