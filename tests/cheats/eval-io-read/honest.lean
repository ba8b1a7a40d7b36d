theorem mul_mod_left (a b : Nat) : a * b % b = 0 := Nat.mul_mod_left a b
