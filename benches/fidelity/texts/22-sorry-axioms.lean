theorem a : 1 = 2 := sorry
theorem b : 1 = 2 := by sorry
theorem c : 1 = 2 := by
  have h : 0 = 1 := by sorry
  omega
axiom cheat : False
theorem d : 1 = 2 := cheat.elim
theorem e : 1 = 2 := a
theorem unused (n : Nat) (h : n > 0) : True := by
  have x := h
  trivial
theorem f : 1 = 2 := by admit
theorem stuck : 1 = 2 := by
  refine ⟨?_⟩
theorem holes : 1 = 1 := by
  exact ?_
theorem under (n : Nat) : n = n := Eq.trans _ _
