theorem infinitely_many_odds (n : Nat) : ∃ m, n < m ∧ m % 2 = 1 := sorry
