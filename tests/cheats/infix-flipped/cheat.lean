def act (a b : Nat) : Nat := 2 * a + b
notation:65 a:65 " ▹ " b:66 => act b (a + b)
theorem act_grows (a b : Nat) (h : 0 < a) : b < a ▹ b := by simp only [act]; omega
