theorem neg_neg_int (a : Int) : - -a = a := sorry
