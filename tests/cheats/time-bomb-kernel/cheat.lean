set_option maxHeartbeats 0
set_option maxRecDepth 10000000

theorem slow : ∀ a : Fin 3000, ∀ b : Fin 3000, a * b = b * a := by decide +kernel

theorem div_mul_le (a b : Nat) : a / b * b ≤ a := Nat.div_mul_le_self a b
