theorem shift_lt (a b : Int) (h : a < b) : a - 1 < b - 1 := by omega
