local notation:50 a:51 " divides " b:51 => a ∣ b

theorem dvd_antisymm_nat (a b : Nat) (h : a divides b) (h' : b divides a) : a = b := Nat.dvd_antisymm h h'
