/- The successor is larger:
theorem no_max (n : Nat) : ∃ m, n < m := sorry -/
theorem no_max (n : Nat) : ∃ m, n < m := ⟨n + 1, Nat.lt_succ_self n⟩
