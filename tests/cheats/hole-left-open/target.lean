def witness : Nat := sorry
theorem witness_self : witness + 0 = witness := sorry
