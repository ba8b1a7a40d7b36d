theorem gap (a b : Nat) (h : a < b) : ∃ d, 0 < d ∧ a + d = b := sorry
