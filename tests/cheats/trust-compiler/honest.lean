theorem true_or_not (p : Prop) : p → ¬¬p := fun h n => n h
