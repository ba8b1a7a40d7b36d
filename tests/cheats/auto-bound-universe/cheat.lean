set_option autoImplicit true
theorem list_eq_self (xs : List nat) : xs = [] ∨ ∃ y ys, xs = y :: ys := by
  cases xs with
  | nil => exact .inl rfl
  | cons y ys => exact .inr ⟨y, ys, rfl⟩
