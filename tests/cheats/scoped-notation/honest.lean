def fact : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * fact n
postfix:max "‼" => fact
theorem fact_pos (n : Nat) : n‼ ≠ 0 := by
  induction n with
  | zero => decide
  | succ n ih => exact Nat.mul_ne_zero (Nat.succ_ne_zero n) ih
