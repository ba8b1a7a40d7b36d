theorem gap (a b : Nat) (h : a < b) : ∃ d, 0 < d /- ∧ a + d = b -/ := ⟨1, by omega⟩
