theorem cancel (a b c : Int) (h : a - c = b - c) : a = b := by omega
