theorem not_prime_91 : ∃ a b, 1 < a ∧ 1 < b ∧ a * b = 91 := ⟨7, 13, by decide, by decide, rfl⟩
