theorem lt_irrefl_int (a : Int) : ¬a < a := sorry
