set_option exponentiation.threshold 100000000000

theorem crash : 2 ^ (2 ^ 36) % 2 = 0 := by decide

theorem parity_of_power (n : Nat) (h : 0 < n) : 2 ^ n % 2 = 0 := by decide
