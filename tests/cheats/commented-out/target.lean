theorem no_max (n : Nat) : ∃ m, n < m := sorry
