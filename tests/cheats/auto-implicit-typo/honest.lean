def limit : Nat := 100
theorem between_limit : ∃ n, n < limit + 1 ∧ limit ≤ n := ⟨100, by decide, by decide⟩
