set_option maxHeartbeats 0 in
theorem gcd_dvd_sum (a b d : Nat) (ha : d ∣ a) (hb : d ∣ b) : d ∣ a + b := Nat.dvd_add ha hb
