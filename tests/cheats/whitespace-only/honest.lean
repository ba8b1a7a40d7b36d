theorem sq_zero (n : Nat) (h : n * n = 0) : n = 0 := by
  cases n with
  | zero => rfl
  | succ n => exact absurd h (Nat.ne_of_gt (Nat.mul_pos n.succ_pos n.succ_pos))
