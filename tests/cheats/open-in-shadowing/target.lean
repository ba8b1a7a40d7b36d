def Even (n : Nat) : Prop := ∃ k, n = k + k
theorem even_add (a b : Nat) (ha : Even a) (hb : Even b) : Even (a + b) := sorry
