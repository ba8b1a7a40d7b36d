theorem primes_unbounded_like (n : Nat) : ∃ m, n ≤ m ∧ m % 4 = 3 := ⟨4 * n + 3, by omega, by omega⟩
