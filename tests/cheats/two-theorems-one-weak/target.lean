theorem first_step (a b : Nat) (h : a ≤ b) : a * a ≤ b * b := sorry
theorem second_step (a b : Nat) (h : a ≤ b) : a * a * a ≤ b * b * b := sorry
