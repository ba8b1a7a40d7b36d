theorem collatz_even_step : ∀ n : Fin 100, n.val % 2 = 0 → n.val / 2 ≤ n.val := by decide
