theorem zero_mul_nat (n : Nat) : 0 * n = 0 := sorry
