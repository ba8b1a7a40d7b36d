theorem one_le_pow (n : Nat) : 1 ≤ 2 ^ n := sorry
