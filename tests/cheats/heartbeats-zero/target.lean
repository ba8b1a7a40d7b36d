theorem gcd_dvd_sum (a b d : Nat) (ha : d ∣ a) (hb : d ∣ b) : d ∣ a + b := sorry
