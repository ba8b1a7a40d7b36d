theorem twin_bound (n : Nat) : n < n + 1 ∧ n + 1 < n + 2 := twin_bound n
