theorem a (x y : Nat) (h : x < y) : ¬ y < x := by exact?
theorem b (xs : List Nat) : (xs ++ []).length = xs.length := by simp?
theorem c (p q : Prop) (h : p ∧ q) : q := by
  rcases h with ⟨hp, hq⟩
  assumption
theorem d (p q : Prop) (h : p ∨ q) : q := by
  assumption
theorem e (n : Nat) (h : n < 3) : n = 0 ∨ n = 1 ∨ n = 2 := by
  interval_cases n
theorem f (a b : Nat) : max a b = max b a := by
  apply Nat.le_antisymm
theorem g (a b c : Nat) (h : a ∣ b) : a ∣ b * c := by
  exact Nat.dvd_mul_right_of_dvd h c
theorem h (p : Nat → Prop) (h : ∃ n, p n) : ∃ n, p (n + 0) := by
  obtain ⟨n⟩ := h
  exact ⟨n, ‹_›⟩
theorem i (a b : Nat) (h : a = b) (h' : b = 3) : a = 3 := by
  subst h
  trivial
theorem j (a b : Nat) (h : a ≤ b) : ∃ c, b = a + c := by
  exists b - a
