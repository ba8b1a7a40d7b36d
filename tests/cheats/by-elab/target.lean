theorem sq_nonneg_int (a : Int) : 0 ≤ a * a := sorry
