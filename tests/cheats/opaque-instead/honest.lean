theorem ne_succ_self (n : Nat) : n ≠ n + 1 := by omega
