theorem primes_unbounded_like (n : Nat) (_ : n * n + 1 < n) : ∃ m, n ≤ m ∧ m % 4 = 3 := by
  have : n ≤ n * n := Nat.le_mul_self n
  omega
