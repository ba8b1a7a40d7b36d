theorem curry_target (p q : Prop) : (p → q) → ¬q → ¬p := fun h nq hp => nq (h hp)
