theorem deep_nesting (n : Nat) : n + 0 = n := ((((((((((Nat.add_zero n))))))))))
