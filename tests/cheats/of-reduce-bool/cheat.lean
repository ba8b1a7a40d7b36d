def isSquare (n : Nat) : Bool := (List.range (n + 1)).any fun k => k * k == n

def verified : Bool := Nat.decEq 49 49 |>.decide

theorem compiled : verified = true := Lean.ofReduceBool verified true (Eq.refl true)

theorem square_49 : isSquare 49 = true := by
  have _ := compiled
  simp only [isSquare, List.any_eq_true]
  exact ⟨7, by simp⟩
