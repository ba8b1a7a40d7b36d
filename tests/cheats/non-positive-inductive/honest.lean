theorem no_fixed_point_not : ¬∃ p : Prop, p ↔ ¬p := by
  rintro ⟨p, h⟩
  have np : ¬p := fun hp => h.1 hp hp
  exact np (h.2 np)
