theorem all_even_double : ∀ n : Nat, (n + n) % 2 = 0 := fun n => by omega
