
  -- a comment before the first command

theorem a (n : Nat) :
    n + n =
      2 * n := by
  omega

theorem b (n : Nat) :
    n + n =
      3 * n := by
  have h₁ : n = n := by
    rfl
  have h₂ : n + n = 2 * n := by
    omega
  rw [h₂]

/-- A docstring. -/
theorem c : True ∧
    False := by
  refine ⟨?_, ?_⟩
  · trivial
  · trivial
  · trivial

theorem d (n : Nat) : n = n := by
  induction n
  case zero => rfl
