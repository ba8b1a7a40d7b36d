theorem half_le (n : Nat) : n / 2 ≤ n := sorry
