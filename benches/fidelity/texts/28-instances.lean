theorem a (α : Type) (x y : α) : x = y ∨ x ≠ y := by decide
theorem b (α : Type) (x y : α) : (x == y) = true := by simp
theorem c (α : Type) (x : α) : x + x = x := rfl
instance : Add String := ⟨String.append⟩
theorem d : "a" + "b" = "ab" := by decide
theorem e : "a" + "b" = "ba" := by decide
instance (priority := low) foo : Inhabited Empty := ⟨default⟩
theorem f (α : Type) [Inhabited α] : Nonempty α := inferInstance
theorem g (α : Type) [Nonempty α] : Inhabited α := inferInstance
abbrev N := Nat
theorem h (n : N) : n + 0 = n := by simp
def M := Nat
theorem i (n : M) : n + 0 = n := by simp
