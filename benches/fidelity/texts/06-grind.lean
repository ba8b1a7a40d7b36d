theorem congr (f : Nat → Nat) (a b : Nat) (h : a = b) : f a = f b := by grind
theorem fails (f : Nat → Nat) (a b : Nat) (h : f a = f b) : a = b := by grind
theorem squares (a b : Int) : (a + b) * (a + b) = a * a + 2 * a * b + b * b := by grind
theorem squares' (a b : Int) : (a + b) * (a + b) = a * a + b * b := by grind
theorem props (p q r : Prop) (h : p → q) (h' : q → r) (hp : p) : r := by grind
theorem lists (xs : List Nat) (h : xs = []) : xs.length = 0 := by grind
theorem lists' (xs : List Nat) : xs.length = 0 := by grind
