theorem three_consecutive (n : Nat) : (n + (n + 1) + (n + 2)) % 3 = 0 := sorry
