theorem or_swap_nat (a : Nat) (h : a = 1 ∨ a = 2) : a = 2 ∨ a = 1 := sorry
