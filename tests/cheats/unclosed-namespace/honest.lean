theorem Arith.dist_le (a b : Nat) : a - b ≤ a := Nat.sub_le a b
