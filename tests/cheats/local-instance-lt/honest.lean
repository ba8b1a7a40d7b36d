theorem bertrand_like (n : Nat) (h : 2 < n) : ∃ p, n < p ∧ p < 2 * n := ⟨n + 1, by omega, by omega⟩
