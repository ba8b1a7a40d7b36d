theorem min_le_max (a b : Nat) : min a b ≤ max a b := sorry
