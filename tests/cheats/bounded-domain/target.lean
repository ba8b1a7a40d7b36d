theorem collatz_even_step : ∀ n : Nat, n % 2 = 0 → n / 2 ≤ n := sorry
