theorem const_of_eq {α : Type} (f : α → α) (h : ∀ x y, f x = f y) (x : α) : f (f x) = f x := sorry
