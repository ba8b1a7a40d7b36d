theorem power_mod_seven : 3 ^ 20 % 7 = 2 := sorry
