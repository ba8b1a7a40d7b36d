theorem div_mul_le (a b : Nat) : a / b * b ≤ a := sorry
