theorem sub_add_le (a b c : Nat) (h : b ≤ a) : a - b + c ≤ a + c := by omega
