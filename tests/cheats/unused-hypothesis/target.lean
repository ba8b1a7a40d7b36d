theorem sub_pos (a b : Nat) (h : b < a) : 0 < a - b := sorry
