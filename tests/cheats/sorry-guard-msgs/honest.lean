/-- info: 4 -/
#guard_msgs in
#reduce 7 - 3

theorem sub_add_cancel_of_le (a b : Nat) (h : b ≤ a) : a - b + b = a := by omega
