theorem goldbach_small (n : Nat) (h : n = 4 ∨ n = 6) : ∃ p q, p + q = n ∧ 1 < p ∧ 1 < q := sorry
