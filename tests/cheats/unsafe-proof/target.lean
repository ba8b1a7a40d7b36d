theorem collatz_like (n : Nat) : ∃ k, n ≤ 2 ^ k := sorry
