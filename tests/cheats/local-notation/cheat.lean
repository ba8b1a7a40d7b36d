local notation:50 (priority := high) a:51 " ∣ " b:51 => (a = b ∧ b = a)

theorem dvd_antisymm_nat (a b : Nat) (h : a ∣ b) (h' : b ∣ a) : a = b := h.1
