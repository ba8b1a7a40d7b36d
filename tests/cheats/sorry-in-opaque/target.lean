theorem dvd_sub_of_dvd (a b d : Nat) (ha : d ∣ a) (hb : d ∣ b) : d ∣ a - b := sorry
