def solutions : Nat → Prop := fun n => n * n = 4 * n
theorem solutions_spec (n : Nat) : solutions n ↔ n * n = 4 * n := Iff.rfl
