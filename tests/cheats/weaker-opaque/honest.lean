def step (n : Nat) : Nat := n / 2
theorem step_exists : ∃ f : Nat → Nat, f = step ∧ f 0 = step 0 := ⟨step, rfl, rfl⟩
