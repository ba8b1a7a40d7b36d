theorem seven_divides (n : Nat) : ∃ m, n < m ∧ 7 ∣ m := sorry
