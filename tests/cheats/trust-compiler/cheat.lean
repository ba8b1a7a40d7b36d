theorem true_or_not (p : Prop) : p → ¬¬p :=
  match Lean.trustCompiler with
  | .intro => fun h n => n h
