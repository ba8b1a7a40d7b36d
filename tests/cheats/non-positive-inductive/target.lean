theorem no_fixed_point_not : ¬∃ p : Prop, p ↔ ¬p := sorry
