theorem descent_aux (f : Nat → Nat) (h : ∀ n, f (n + 1) < f n) (k : Nat) : f k + k ≤ f 0 := by
  induction k with
  | zero => omega
  | succ k ih => have := h k; omega

theorem no_descent (f : Nat → Nat) : ∃ n, f n ≤ f (n + 1) := by
  apply Classical.byContradiction
  intro h
  have h' : ∀ n, f (n + 1) < f n := fun n =>
    Nat.lt_of_not_le (fun hn => h ⟨n, hn⟩)
  have := descent_aux f h' (f 0 + 1)
  omega
