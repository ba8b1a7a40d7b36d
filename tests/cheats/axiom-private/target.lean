theorem succ_mul_pred (n : Nat) (h : 0 < n) : (n + 1) * (n - 1) + 1 = n * n := sorry
