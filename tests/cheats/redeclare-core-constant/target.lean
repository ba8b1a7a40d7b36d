theorem squeeze (a b : Nat) (h1 : a ≤ b) (h2 : b < a + 1) : a = b := sorry
