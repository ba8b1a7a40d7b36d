@[reducible] def Bounded (f : Nat → Nat) : Prop := ∀ n, ∃ c, f n ≤ c
theorem bounded_mod (k : Nat) (h : 0 < k) : Bounded (· % k) := fun n => ⟨_, Nat.le_refl _⟩
