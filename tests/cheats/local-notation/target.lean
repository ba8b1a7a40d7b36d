theorem dvd_antisymm_nat (a b : Nat) (h : a ∣ b) (h' : b ∣ a) : a = b := sorry
