theorem le_pow_self (n k : Nat) (h : 1 ≤ k) : n ≤ n ^ k ∨ n = 0 := sorry
