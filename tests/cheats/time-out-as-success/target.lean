theorem ackermann_small : 2 ^ 16 = 65536 := sorry
