structure IsGroup (op : Int → Int → Int) (e : Int) (inv : Int → Int) : Prop where
  assoc : ∀ a b c, op (op a b) c = op a (op b c)
theorem int_group : IsGroup (· + ·) 0 (- ·) where
  assoc := Int.add_assoc
