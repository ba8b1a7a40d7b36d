theorem consecutive_product_even (n : Nat) : n * (n + 1) % 2 = 0 := by
  have h : n % 2 = 0 ∨ n % 2 = 1 := by omega
  rcases h with h | h <;> simp [Nat.mul_mod, Nat.add_mod, h]

#print axioms consecutive_product_even
