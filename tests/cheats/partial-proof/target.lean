theorem unbounded (f : Nat → Nat) (h : ∀ n, n ≤ f n) : ∀ m, ∃ n, m ≤ f n := sorry
