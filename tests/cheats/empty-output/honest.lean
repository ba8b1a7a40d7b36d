theorem one_le_pow (n : Nat) : 1 ≤ 2 ^ n := Nat.one_le_two_pow
