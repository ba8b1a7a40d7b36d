theorem unbounded_squares (m : Nat) : ∃ n, m < n * n := by
  refine ⟨m + 1, ?_⟩
  have : m + 1 ≤ (m + 1) * (m + 1) := Nat.le_mul_of_pos_left _ (by omega)
  omega
