theorem third_of_triple (n m : Nat) (h : 3 * m = n) : m * 3 = n := sorry
