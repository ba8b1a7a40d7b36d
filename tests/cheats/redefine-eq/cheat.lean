inductive Same {α : Type} : α → α → Prop where
  | intro (a b : α) : Same a b
local infix:50 (priority := high) " = " => Same
theorem cube_eq (a b : Nat) (h : a = b) : a * a * a = b * b * b := .intro _ _
