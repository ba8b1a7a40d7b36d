theorem mem_append_swap (x : Nat) (xs ys : List Nat) (h : x ∈ xs ++ ys) : x ∈ ys ++ xs := by
  simp only [List.mem_append] at h ⊢
  exact h.symm
