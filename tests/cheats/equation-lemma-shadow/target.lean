def flip01 (n : Nat) : Nat := 1 - n
theorem flip01_twice (n : Nat) (h : n ≤ 1) : flip01 (flip01 n) = n := sorry
