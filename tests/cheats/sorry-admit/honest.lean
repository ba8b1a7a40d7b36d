theorem min_le_max (a b : Nat) : min a b ≤ max a b := by
  rcases Nat.le_total a b with h | h
  · exact Nat.le_trans (Nat.min_le_left a b) (Nat.le_max_left a b)
  · exact Nat.le_trans (Nat.min_le_right a b) (Nat.le_max_right a b)
