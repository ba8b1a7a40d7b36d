theorem two_unknowns (x y : Int) (h1 : x + y = 10) (h2 : x + y = 4) : x = 7 := by omega
