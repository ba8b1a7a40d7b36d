theorem product_not_sum : 3 * 4 ≠ 3 + 4 := sorry
