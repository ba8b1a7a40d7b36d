def fact : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * fact n
postfix:max "‼" => fact
theorem fact_pos (n : Nat) : n‼ ≠ 0 := sorry
