inductive Reach : Nat → Prop where
  | start : Reach 0
  | step (n : Nat) : Reach n → Reach (n + 3)
theorem reach_nine : Reach 9 := .step 6 (.step 3 (.step 0 .start))
