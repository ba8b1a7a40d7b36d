def witness : Nat := 3
theorem witness_self : witness + 0 = witness := rfl
