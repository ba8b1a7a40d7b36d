theorem sum_digits_mod (a b : Nat) : (10 * a + b) % 9 = (a + b) % 9 := sorry
