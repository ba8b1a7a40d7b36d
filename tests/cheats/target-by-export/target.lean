theorem lt_or_ge_nat (a b : Nat) : a < b ∨ b ≤ a := sorry
