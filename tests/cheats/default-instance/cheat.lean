instance : Add Unit := ⟨fun _ _ => ()⟩
@[default_instance high] instance (n : Nat) : OfNat Unit n := ⟨()⟩

theorem four_ne_five : (4 : Nat) ≠ 5 ∧ 2 + 2 = 4 := ⟨by decide, rfl⟩
