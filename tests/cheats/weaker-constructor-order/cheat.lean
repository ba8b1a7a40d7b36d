inductive Colour where
  | green | red
def Colour.code (c : Colour) : Nat := c.ctorIdx - 1
theorem red_code : Colour.red.code = 0 := rfl
