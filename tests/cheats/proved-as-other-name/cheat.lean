theorem infinitude' (n : Nat) : ∃ m, n < m ∧ m % 1 = 0 := ⟨n + 1, by omega, by omega⟩
