theorem unbounded_squares (m : Nat) : ∃ n, m < n * n := sorry
