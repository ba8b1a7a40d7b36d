set_option warn.sorry false
abbrev Evidence (p : Prop) : p := @sorryAx p true
theorem by_symmetry {p : Prop} : p := Evidence p

theorem sum_three_even (a b c : Int) (h1 : (a + b) % 2 = 0) (h2 : (b + c) % 2 = 0) : (a + c) % 2 = 0 := by_symmetry
