theorem third_of_triple (n : Nat) : (1 / 3) * n = 0 := by simp
