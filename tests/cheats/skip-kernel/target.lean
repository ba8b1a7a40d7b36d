theorem sum_of_cubes_small : 1 + 8 + 27 + 64 = 10 ^ 2 := sorry
