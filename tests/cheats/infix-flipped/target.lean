def act (a b : Nat) : Nat := 2 * a + b
infixl:65 " ▹ " => act
theorem act_grows (a b : Nat) (h : 0 < a) : b < a ▹ b := sorry
