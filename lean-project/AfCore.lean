import AfCore.Divides

/-! `AfCore`: a small library of mathematics on the core library alone, for statements that need no Mathlib. -/
