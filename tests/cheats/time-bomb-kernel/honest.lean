theorem div_mul_le (a b : Nat) : a / b * b ≤ a := Nat.div_mul_le_self a b
