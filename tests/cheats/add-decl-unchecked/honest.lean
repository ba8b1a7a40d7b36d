import Lean

theorem infinitely_many_odds (n : Nat) : ∃ m, n < m ∧ m % 2 = 1 := ⟨2 * n + 1, by omega, by omega⟩
