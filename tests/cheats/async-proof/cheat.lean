set_option Elab.async true

theorem sub_lt_of_pos (a b : Nat) (h : 0 < b) (h' : b ≤ a) : a - b < a := by
  clear h
  omega
