theorem gcd_self_le (n : Nat) (h : 0 < n) : 1 ≤ n := sorry
