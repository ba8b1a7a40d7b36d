theorem iff_congr_not (p q : Prop) (h : p ↔ q) : (¬p) = (¬q) := sorry
