variable {α : Type} [Subsingleton α]
theorem const_of_eq (f : α → α) (h : ∀ x y, f x = f y) (x : α) : f (f x) = f x := Subsingleton.elim _ _
