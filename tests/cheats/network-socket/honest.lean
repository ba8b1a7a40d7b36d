theorem lcm_bound (a b : Nat) : a ∣ a * b := Nat.dvd_mul_right a b
