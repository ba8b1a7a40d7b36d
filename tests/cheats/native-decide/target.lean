theorem big_power : 3 ^ 7 % 1000 = 187 := sorry
