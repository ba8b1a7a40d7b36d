inductive Colour where
  | red | green
def Colour.code (c : Colour) : Nat := c.ctorIdx
theorem red_code : Colour.red.code = 0 := sorry
