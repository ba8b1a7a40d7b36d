theorem uniform_bound : ∀ n : Nat, ∃ c : Nat, n % 7 ≤ c := fun n => ⟨_, Nat.le_refl (n % 7)⟩
