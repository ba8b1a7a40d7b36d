partial def search (f : Nat → Nat) (m n : Nat) : Nat := if m ≤ f n then n else search f m (n + 1)

theorem unbounded (f : Nat → Nat) (h : ∀ n, n ≤ f n) : ∀ m, ∃ n, m ≤ f n := fun m => ⟨m, h m⟩
