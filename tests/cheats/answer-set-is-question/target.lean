def solutions : Nat → Prop := sorry
theorem solutions_spec (n : Nat) : solutions n ↔ n * n = 4 * n := sorry
