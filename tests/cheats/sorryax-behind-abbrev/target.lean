theorem sum_three_even (a b c : Int) (h1 : (a + b) % 2 = 0) (h2 : (b + c) % 2 = 0) : (a + c) % 2 = 0 := sorry
