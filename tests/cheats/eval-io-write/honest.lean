theorem pos_mul_pos_int (a b : Int) (ha : 0 < a) (hb : 0 < b) : 0 < a * b := Int.mul_pos ha hb
