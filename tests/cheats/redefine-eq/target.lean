theorem cube_eq (a b : Nat) (h : a = b) : a * a * a = b * b * b := sorry
