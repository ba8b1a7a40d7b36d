def witness : { n : Nat // n < 10 } := ⟨9, by decide⟩
theorem witness_spec : witness.1 * witness.1 < 100 := sorry
