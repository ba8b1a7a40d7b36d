theorem gap (a b : Nat) (h : a < b) : ∃ d, 0 < d ∧ /- the difference -/ a + d = b := ⟨b - a, by omega, by omega⟩
