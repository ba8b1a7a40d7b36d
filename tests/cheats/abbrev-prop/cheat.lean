abbrev min_comm_nat (a b : Nat) : Prop := min a b = min b a
theorem min_comm_nat_iff (a b : Nat) : min_comm_nat a b ↔ min a b = min b a := Iff.rfl
