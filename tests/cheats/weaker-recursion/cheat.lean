def power (b : Nat) : Nat → Nat
  | 0 => 0
  | e + 1 => power b e * b
theorem power_zero (b n : Nat) : power b n = 0 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [power, ih, Nat.zero_mul]
theorem power_add (b m n : Nat) : power b (m + n) = power b m * power b n := by simp [power_zero]
