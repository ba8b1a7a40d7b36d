variable (n : Nat)
theorem goldbach_small (h : n = 4 ∨ n = 6) : ∃ p q, p + q = n ∧ 1 < p ∧ 1 < q :=
  ⟨2, n - 2, by omega, by omega, by omega⟩
