theorem proof_of_it (n : Nat) : n ≠ n + 1 := by omega
opaque ne_succ_self (n : Nat) : n ≠ n + 1 := proof_of_it n
