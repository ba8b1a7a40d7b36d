set_option maxRecDepth 1000000
set_option maxHeartbeats 0

theorem warm_up : (List.replicate 100000 1).foldr (· + ·) 0 = 100000 := by rfl

theorem ackermann_small : 2 ^ 16 = 65536 := by decide
