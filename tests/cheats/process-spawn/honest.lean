theorem neg_neg_int (a : Int) : - -a = a := Int.neg_neg a
