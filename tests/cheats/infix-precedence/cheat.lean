def join (a b : Nat) : Nat := a * b + a + b
infixl:60 " ⋈ " => join
theorem join_zero (a b : Nat) : a + b ⋈ 0 = a + b := by simp [join]
