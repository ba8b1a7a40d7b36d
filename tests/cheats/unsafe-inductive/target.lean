theorem curry_target (p q : Prop) : (p → q) → ¬q → ¬p := sorry
