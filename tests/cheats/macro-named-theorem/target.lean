theorem pred_lt_self (n : Nat) (h : n ≠ 0) : n - 1 < n := sorry
