theorem not_prime_91 : ∃ a b, 1 < a ∧ 1 < b ∧ a * b = 91 := sorry
