def Prime (p : Nat) : Prop := 2 ≤ p ∧ ∀ d, d ∣ p → d = 1 ∨ d = p
theorem not_prime_mul (a b : Nat) (ha : 2 ≤ a) (hb : 2 ≤ b) : ¬Prime (a * b) := by
  rintro ⟨_, h⟩
  rcases h a (Nat.dvd_mul_right a b) with h | h
  · omega
  · have : a * 2 ≤ a * b := Nat.mul_le_mul_left a hb
    omega
