inductive Reach : Nat → Prop where
  | start : Reach 0
  | step (n : Nat) : Reach n → Reach (n + 3)
theorem reach_nine : Reach 9 := sorry
