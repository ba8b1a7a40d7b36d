def solution : Nat := 42
theorem solution_spec : ∃ n, n * n ≤ 1764 ∧ n = solution := sorry
