theorem triangle_even (n : Nat) : (n * n + n) % 2 = 0 := sorry
