theorem interval_point (n : Nat) (h1 : 5 < n) (h2 : n < 5) : n = 6 := by omega
