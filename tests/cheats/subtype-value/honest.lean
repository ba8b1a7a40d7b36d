def witness : { n : Nat // n < 10 } := ⟨9, by omega⟩
theorem witness_spec : witness.1 * witness.1 < 100 := by decide
