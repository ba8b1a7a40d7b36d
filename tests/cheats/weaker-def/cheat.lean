def Prime (p : Nat) : Prop := 2 ≤ p ∧ ∀ d, d ∣ p → d = 1
theorem not_prime_mul (a b : Nat) (ha : 2 ≤ a) (hb : 2 ≤ b) : ¬Prime (a * b) := by
  rintro ⟨h2, h⟩
  have := h (a * b) (Nat.dvd_refl _)
  omega
