theorem and_assoc_nat (a b c : Nat) (h : a < b ∧ b < c) : a < c := sorry
