theorem lt_two_pow (n : Nat) : n < 2 ^ n := Nat.lt_two_pow_self
