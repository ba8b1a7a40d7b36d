theorem lt_succ_sq (n : Nat) : n < n * n + 1 := sorry
