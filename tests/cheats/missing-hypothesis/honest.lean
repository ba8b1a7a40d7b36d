theorem sub_add_le (a b c : Nat) (h : b ≤ a) (hc : c ≤ b) : a - b + c ≤ a := by omega
