theorem two_two : 2 + 2 = 4 := rfl
theorem two_two' : 2 + 2 = 5 := rfl
theorem two_two'' : 2 + 2 = 5 := by rfl
theorem lengths : [1, 2, 3].length = 3 := by rfl
theorem lengths' (xs : List Nat) : (0 :: xs).length = xs.length := by rfl
theorem gcds : Nat.gcd 12 18 = 6 := by rfl
theorem folds : [1, 2, 3].foldl (· + ·) 0 = 6 := by rfl
theorem relation (a b : Nat) (h : a < b) : a < b := by rfl
theorem heq (a : Nat) : HEq a a := by rfl
theorem iff (p : Prop) : p ↔ p := by rfl
