theorem a (x y : Nat) (h : x = y) : x + 1 = y + 1 := by
  conv => lhs; rw [h]
theorem b (x y z : Nat) (h₁ : x < y) (h₂ : y ≤ z) : x < z := calc
  x < y := h₁
  _ ≤ z := h₂
theorem c (x y z : Nat) (h₁ : x < y) (h₂ : y ≤ z) : x < z := calc
  x < y := h₁
  _ ≤ y := h₂
theorem d (x y : Nat) : x + y = y + x := by
  conv => lhs; rw [Nat.mul_comm]
theorem e (x y : Nat) : x + y = y + x := by
  calc x + y = x := by simp
    _ = y + x := by omega
theorem f (x y : Nat) (h : x = y) : y = x := by
  show x = y
  exact h
theorem g (f : Nat → Nat) (h : ∀ x, f x = 0) : f = fun _ => 0 := by
  funext x
  exact h y
theorem k (p : Prop) [Decidable p] : (if p then 1 else 1) = 1 := by
  split
  · rfl
