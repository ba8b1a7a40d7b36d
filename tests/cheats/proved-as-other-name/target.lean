theorem infinitude (n : Nat) : ∃ m, n < m ∧ m % 3 = 1 := sorry
