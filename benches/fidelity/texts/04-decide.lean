theorem fin5 : ∀ x : Fin 5, x * x ≠ 2 := by decide
theorem fin6 : ∀ x : Fin 6, x * x ≠ 4 := by decide
theorem prop (p : Prop) : p ∨ ¬p := by decide
theorem lists : [1, 2, 3].reverse = [3, 2, 1] := by decide
theorem lists' : [1, 2, 3].reverse = [1, 2, 3] := by decide
theorem strings : "ab" ++ "c" = "abc" := by decide
theorem strings' : "ab".length = 3 := by decide
theorem bounded : ∃ x, x < 10 ∧ x * x = 49 := by decide
theorem bools : ∀ a b : Bool, (a && b) = (b && a) := by decide
theorem bools' : ∀ a b : Bool, (a && b) = (b || a) := by decide
