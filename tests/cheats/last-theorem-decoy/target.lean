theorem main_bound (n : Nat) : n * n ≤ n * n * n + 1 := sorry
theorem afterwards : 1 + 1 = 2 := rfl
