theorem no_descent (f : Nat → Nat) : ∃ n, f n ≤ f (n + 1) := sorry
