structure IsGroup (op : Int → Int → Int) (e : Int) (inv : Int → Int) : Prop where
  assoc : ∀ a b c, op (op a b) c = op a (op b c)
  one_mul : ∀ a, op e a = a
  inv_mul : ∀ a, op (inv a) a = e
theorem int_group : IsGroup (· + ·) 0 (- ·) where
  assoc := Int.add_assoc
  one_mul := Int.zero_add
  inv_mul := Int.add_left_neg
