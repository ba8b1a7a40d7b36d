theorem double_ne_one (n : Nat) : 2 * n ≠ 1 := sorry
