theorem four_ne_five : (4 : Nat) ≠ 5 ∧ 2 + 2 = 4 := sorry
