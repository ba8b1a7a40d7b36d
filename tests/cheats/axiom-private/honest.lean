theorem succ_mul_pred (n : Nat) (h : 0 < n) : (n + 1) * (n - 1) + 1 = n * n := by
  obtain ⟨m, rfl⟩ : ∃ m, n = m + 1 := ⟨n - 1, by omega⟩
  simp only [Nat.add_sub_cancel, Nat.add_mul, Nat.mul_add]
  omega
