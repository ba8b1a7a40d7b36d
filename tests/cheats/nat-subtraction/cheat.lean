theorem difference_squares (a b : Nat) (h : a ≤ b) : (a - b) + (b - b) = 0 := by omega
