theorem sub_self_int (a : Int) : a - a = 0 := by omega
