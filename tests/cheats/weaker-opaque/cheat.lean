opaque step (n : Nat) : Nat
theorem step_exists : ∃ f : Nat → Nat, f = step ∧ f 0 = step 0 := ⟨step, rfl, rfl⟩
