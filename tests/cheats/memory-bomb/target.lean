theorem and_swap_nat (a b : Nat) (h : a = 1 ∧ b = 2) : b = 2 ∧ a = 1 := sorry
