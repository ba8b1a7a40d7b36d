theorem pigeonhole_two (f : Fin 3 → Bool) : f 0 = f 1 ∨ f 1 = f 2 ∨ f 0 = f 2 := by
  cases f 0 <;> cases f 1 <;> cases f 2 <;> simp
