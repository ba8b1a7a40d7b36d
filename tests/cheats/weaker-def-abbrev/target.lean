def Bounded (f : Nat → Nat) : Prop := ∃ c, ∀ n, f n ≤ c
theorem bounded_mod (k : Nat) (h : 0 < k) : Bounded (· % k) := sorry
