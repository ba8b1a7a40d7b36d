theorem list_eq_self (xs : List Nat) : xs = [] ∨ ∃ y ys, xs = y :: ys := sorry
