theorem kept_from_before (a b : Nat) (h : a < b) : a < b + 1 := by omega
theorem between (a b : Nat) (h : a < b) : a < b + 1 := kept_from_before a b h
