theorem strictly_growing (f : Nat → Nat) (h : ∀ n, f n < f (n + 1)) (n : Nat) : n ≤ f n := by
  induction n with
  | zero => exact?
  | succ n ih => have := h n; omega
