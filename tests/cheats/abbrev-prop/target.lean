theorem min_comm_nat (a b : Nat) : min a b = min b a := sorry
