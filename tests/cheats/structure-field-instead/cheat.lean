structure Order : Type where
  antisymm : ∀ (a b : Nat) (h : a ≤ b) (h' : b ≤ a), a = b

theorem Order.has_antisymm (o : Order) (a b : Nat) (h : a ≤ b) (h' : b ≤ a) : a = b := o.antisymm a b h h'
