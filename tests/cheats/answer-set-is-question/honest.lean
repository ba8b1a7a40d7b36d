def solutions : Nat → Prop := fun n => n = 0 ∨ n = 4
theorem solutions_spec (n : Nat) : solutions n ↔ n * n = 4 * n := by
  constructor
  · rintro (rfl | rfl) <;> rfl
  · intro h
    rcases Nat.eq_zero_or_pos n with h0 | h0
    · exact .inl h0
    · exact .inr (Nat.eq_of_mul_eq_mul_right h0 h)
