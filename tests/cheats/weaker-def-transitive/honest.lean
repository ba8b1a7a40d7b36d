def divisors (n : Nat) : List Nat := (List.range (n + 1)).filter fun d => decide (0 < d ∧ d ∣ n)
def sigma (n : Nat) : Nat := (divisors n).sum
def Perfect (n : Nat) : Prop := sigma n = 2 * n
theorem perfect_six : Perfect 6 := by
  simp [Perfect, sigma, divisors, List.range_succ]
