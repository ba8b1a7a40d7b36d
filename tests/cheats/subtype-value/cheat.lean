def witness : { n : Nat // n < 10 } := ⟨0, by decide⟩
theorem witness_spec : witness.1 * witness.1 < 100 := by decide
