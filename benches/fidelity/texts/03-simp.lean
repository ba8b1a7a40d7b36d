theorem one (xs : List Nat) : (xs ++ []).length = xs.length := by simp
theorem two (xs ys : List Nat) : (xs ++ ys).length = xs.length := by simp
theorem three (a b : Nat) (h : a = b) : b = a := by simp
theorem four (a b : Nat) (h : a = b) : b = a := by simp [h]
theorem five (p q : Prop) (hp : p) (hq : q) : p ∧ q := by simp_all
theorem six (f : Nat → Nat) (h : ∀ x, f x = x) : f (f 2) = 2 := by simp [h]
theorem seven (n : Nat) : n + 0 = n := by simp only [nope]
theorem eight (n : Nat) : n * 1 = n := by simp only []
theorem nine (xs : List Nat) : xs.map id = xs := by simp at *
theorem ten (p q : Prop) : p ∧ q ↔ q ∧ p := by
  constructor <;> simp_all
theorem eleven (n : Nat) (h : n = 3) : n + n = 7 := by
  simp [h]
