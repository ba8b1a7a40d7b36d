theorem sq_le_cube (n : Nat) (h : 1 ≤ n) : n * n ≤ n * n * n := sorry
