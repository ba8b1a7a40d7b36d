/-- `theorem zero_mul_nat : False := sorry` would be wrong. -/
theorem zero_mul_nat (n : Nat) : 0 * n = 0 := Nat.zero_mul n
