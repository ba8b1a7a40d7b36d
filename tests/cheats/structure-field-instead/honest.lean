theorem Order.antisymm (a b : Nat) (h : a ≤ b) (h' : b ≤ a) : a = b := Nat.le_antisymm h h'
