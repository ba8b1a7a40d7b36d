theorem add_sq (a b : Nat) : (a + b) * (a + b) = a * a + 2 * (a * b) + b * b := sorry
