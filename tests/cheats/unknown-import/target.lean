theorem two_mul_nat (n : Nat) : n + n = 2 * n := sorry
