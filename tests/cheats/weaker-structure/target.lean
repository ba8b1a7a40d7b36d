structure IsGroup (op : Int → Int → Int) (e : Int) (inv : Int → Int) : Prop where
  assoc : ∀ a b c, op (op a b) c = op a (op b c)
  one_mul : ∀ a, op e a = a
  inv_mul : ∀ a, op (inv a) a = e
theorem int_group : IsGroup (· + ·) 0 (- ·) := sorry
