theorem mul_self_inj (a b : Nat) (h : a * a = b * b) : a = b := by
  rcases Nat.lt_trichotomy a b with lt | eq | gt
  · exact absurd h (Nat.ne_of_lt (Nat.mul_self_lt_mul_self lt))
  · exact eq
  · exact absurd h.symm (Nat.ne_of_lt (Nat.mul_self_lt_mul_self gt))
