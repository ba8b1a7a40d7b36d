theorem two_pow_ge (n : Nat) : n + 1 ≤ 2 ^ n := sorry
