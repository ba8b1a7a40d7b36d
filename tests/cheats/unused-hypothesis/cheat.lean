theorem sub_pos (a b : Nat) (h : b < a) : a - b ≤ a := Nat.sub_le a b
