abbrev Claim : Prop := ∀ a b : Nat, min a b = min b a
theorem min_comm_nat : Claim := fun a b => Nat.min_comm a b
