def power (b : Nat) : Nat → Nat
  | 0 => 1
  | e + 1 => power b e * b
theorem power_add (b m n : Nat) : power b (m + n) = power b m * power b n := sorry
