theorem infinitude (n : Nat) : ∃ m, n < m ∧ m % 3 = 1 := ⟨3 * n + 1, by omega, by omega⟩
