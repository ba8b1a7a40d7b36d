theorem solves_quadratic (x : Nat) (h : 5 < x) : x * x + 42 = 13 * x → x * x + 42 = 13 * x := id
