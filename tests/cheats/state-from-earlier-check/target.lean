theorem between (a b : Nat) (h : a < b) : a < b + 1 := sorry
