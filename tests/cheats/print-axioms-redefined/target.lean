theorem consecutive_product_even (n : Nat) : n * (n + 1) % 2 = 0 := sorry
