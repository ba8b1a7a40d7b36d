theorem deep_nesting (n : Nat) : n + 0 = n := sorry
