theorem lcm_bound (a b : Nat) : a ∣ a * b := sorry
