theorem fermat_two (n : Nat) : n * n % 2 = n % 2 := sorry
