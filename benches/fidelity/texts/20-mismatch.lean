theorem a (p q : Prop) (hp : p) (hq : q) : p ∧ q := ⟨hq, hp⟩
theorem b (n : Nat) : n = "n" := rfl
theorem c (f : Nat → Int) (s : String) : f s = 0 := sorry
theorem d : Nat := 3
theorem e (x : Nat) (h : x > 0) : x ≠ 0 := by
  intro h'
  exact h
theorem f (h : 1 = 2 → False) : True := h rfl
theorem g (n : Nat) : n + "x" = n := rfl
theorem k (xs : List Nat) : xs.map (fun x => x ++ x) = xs := by simp
theorem l (p : Nat → Prop) (h : ∀ n, p n) : p 3 := h
theorem m (a b : Nat) (h : a = b) : b + 1 = a + 1 := by rw [h'] at h
theorem n (a b : Nat) (h : a = b) : b + 1 = a + 2 := by rw [h]
theorem o (a b : Nat) (h : a = b) : b + 1 = 2 := by rw [Nat.add_comm b 2]
example : ∃ x : Nat, x * x = 16 := ⟨4, rfl⟩
example : ∃ x : Nat, x * x = 17 := ⟨4, rfl⟩
