set_option maxRecDepth 100000 in
theorem or_swap_nat (a : Nat) (h : a = 1 ∨ a = 2) : a = 2 ∨ a = 1 := h.symm
