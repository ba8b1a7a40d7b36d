def isSquare (n : Nat) : Bool := (List.range (n + 1)).any fun k => k * k == n

theorem square_49 : isSquare 49 = true := by
  simp only [isSquare, List.any_eq_true]
  exact ⟨7, by simp⟩
