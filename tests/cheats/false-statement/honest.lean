theorem double_succ (n : Nat) : 2 * (n + 1) = 2 * n + 2 := by omega
