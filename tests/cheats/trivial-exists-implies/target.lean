theorem solves_quadratic : ∃ x : Nat, 5 < x ∧ x * x + 42 = 13 * x := sorry
