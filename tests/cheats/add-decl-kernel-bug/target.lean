theorem pigeonhole_two (f : Fin 3 → Bool) : f 0 = f 1 ∨ f 1 = f 2 ∨ f 0 = f 2 := sorry
