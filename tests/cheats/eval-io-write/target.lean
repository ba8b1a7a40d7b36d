theorem pos_mul_pos_int (a b : Int) (ha : 0 < a) (hb : 0 < b) : 0 < a * b := sorry
