theorem mod_two_cases (n : Nat) : n * n % 4 = 0 ∨ n * n % 4 = 1 := sorry
