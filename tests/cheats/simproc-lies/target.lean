theorem two_plus_two_le : ∀ n : Nat, n + (2 + 2) ≤ n + 5 := sorry
