theorem succ_ne_self (n : Nat) : n + 1 ≠ n := Nat.succ_ne_self n
