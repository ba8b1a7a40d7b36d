theorem true_or_not (p : Prop) : p → ¬¬p := sorry
