theorem parity_of_power (n : Nat) (h : 0 < n) : 2 ^ n % 2 = 0 := sorry
