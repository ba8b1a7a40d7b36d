theorem collatz_even_step : ∀ n : Nat, n % 2 = 0 → n / 2 ≤ n := fun n _ => Nat.div_le_self n 2
