theorem pos_of_double (n : Nat) (h : 0 < 2 * n) : 0 < n := by omega
