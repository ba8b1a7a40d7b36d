theorem mul_self_inj (a b : Nat) (h : a * a = b * b) : a = b := sorry
