theorem unit_eq (f g : Nat → Unit) : f = g := sorry
