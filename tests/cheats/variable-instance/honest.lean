variable {α : Type} (f : α → α)
theorem const_of_eq (h : ∀ x y, f x = f y) (x : α) : f (f x) = f x := h _ _
