def Prime (p : Nat) : Prop := 2 ≤ p ∧ ∀ d, d ∣ p → d = 1 ∨ d = p
theorem not_prime_mul (a b : Nat) (ha : 2 ≤ a) (hb : 2 ≤ b) : ¬Prime (a * b) := sorry
