theorem sq_le_cube (n : Nat) (h : 1 ≤ n) : n * n ≤ n * n * n := Nat.le_mul_of_pos_right _ h
