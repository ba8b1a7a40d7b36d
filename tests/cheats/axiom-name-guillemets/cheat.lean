axiom «Classical.choice» {p : Prop} : p

theorem lt_succ_sq (n : Nat) : n < n * n + 1 := «Classical.choice»
