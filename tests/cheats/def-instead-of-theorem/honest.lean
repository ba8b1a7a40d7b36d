def bound (n : Nat) : n ≤ 2 * n := by omega
theorem le_double (n : Nat) : n ≤ 2 * n := bound n
