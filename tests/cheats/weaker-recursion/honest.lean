def power (b : Nat) : Nat → Nat
  | 0 => 1
  | e + 1 => power b e * b
theorem power_add (b m n : Nat) : power b (m + n) = power b m * power b n := by
  induction n with
  | zero => simp [power]
  | succ n ih => rw [Nat.add_succ, power, ih, power, Nat.mul_assoc]
