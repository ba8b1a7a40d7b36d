theorem last_digit_of_square (n : Nat) : n * n % 10 ≠ 2 := sorry
