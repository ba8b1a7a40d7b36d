theorem collatz_like (n : Nat) : ∃ k, n ≤ 2 ^ k := ⟨n, Nat.le_of_lt Nat.lt_two_pow_self⟩
