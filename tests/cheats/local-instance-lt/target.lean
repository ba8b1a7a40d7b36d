theorem bertrand_like (n : Nat) (h : 2 < n) : ∃ p, n < p ∧ p < 2 * n := sorry
