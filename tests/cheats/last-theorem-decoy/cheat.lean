theorem main_bound (n : Nat) : n * n ≤ n * n * n + n * n := Nat.le_add_left _ _
theorem afterwards : 1 + 1 = 2 := rfl
