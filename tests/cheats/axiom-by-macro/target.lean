theorem disj_swap (p q : Prop) (h : p ∨ q) : q ∨ p := sorry
