theorem digits_sum : 1 + 2 + 3 + 4 * 10 = 100 := sorry
