/-! Unique existence `∃!` and the classical equivalences of propositional and predicate logic that
core Lean has only for decidable propositions or not at all. -/

universe u

/-- There is exactly one `x` with `p x`: some `x` has the property, and every `y` with it is `x`. -/
def ExistsUnique {α : Sort u} (p : α → Prop) : Prop :=
  ∃ x, p x ∧ ∀ y, p y → y = x

@[inherit_doc] notation:lead "∃! " x:max ", " p => ExistsUnique fun x => p
@[inherit_doc] notation:lead "∃! " x:max " : " t ", " p => ExistsUnique fun x : t => p
@[inherit_doc] notation:lead "∃! " x:max " ∈ " s ", " p => ExistsUnique fun x => x ∈ s ∧ p

/-- Introduction of unique existence. -/
theorem ExistsUnique.intro {α : Sort u} {p : α → Prop} (w : α) (h₁ : p w)
    (h₂ : ∀ y, p y → y = w) : ExistsUnique p :=
  ⟨w, h₁, h₂⟩

/-- Unique existence is existence. -/
theorem ExistsUnique.exists {α : Sort u} {p : α → Prop} : ExistsUnique p → ∃ x, p x
  | ⟨x, hx, _⟩ => ⟨x, hx⟩

/-- Two witnesses of a unique existence are equal. -/
theorem ExistsUnique.unique {α : Sort u} {p : α → Prop} (h : ExistsUnique p) {a b : α}
    (ha : p a) (hb : p b) : a = b :=
  let ⟨_, _, hu⟩ := h
  (hu a ha).trans (hu b hb).symm

/-- Existence and uniqueness together are unique existence. -/
theorem existsUnique_of_exists_of_unique {α : Sort u} {p : α → Prop} (hex : ∃ x, p x)
    (hunique : ∀ y₁ y₂, p y₁ → p y₂ → y₁ = y₂) : ExistsUnique p :=
  let ⟨x, hx⟩ := hex
  ⟨x, hx, fun y hy => hunique y x hy hx⟩

/-- Unique existence is existence together with uniqueness. -/
theorem existsUnique_iff {α : Sort u} {p : α → Prop} :
    ExistsUnique p ↔ (∃ x, p x) ∧ ∀ y₁ y₂, p y₁ → p y₂ → y₁ = y₂ :=
  ⟨fun h => ⟨h.exists, fun _ _ => h.unique⟩, fun ⟨h, hu⟩ => existsUnique_of_exists_of_unique h hu⟩

/-- The law of excluded middle. -/
theorem em (p : Prop) : p ∨ ¬p := Classical.em p

/-- Proof by contradiction. -/
theorem by_contradiction {p : Prop} : (¬p → False) → p := Classical.byContradiction

/-- Double negation. -/
theorem not_not {a : Prop} : ¬¬a ↔ a := Classical.not_not

/-- De Morgan's law for "and". -/
theorem not_and_or {a b : Prop} : ¬(a ∧ b) ↔ ¬a ∨ ¬b := Classical.not_and_iff_not_or_not

/-- Contraposition. -/
theorem not_imp_not {a b : Prop} : (¬a → ¬b) ↔ (b → a) :=
  ⟨fun h hb => by_contradiction fun ha => h ha hb, fun h ha hb => ha (h hb)⟩

/-- An implication is a disjunction. -/
theorem imp_iff_not_or {a b : Prop} : (a → b) ↔ ¬a ∨ b := by
  by_cases ha : a <;> simp [ha]

/-- A disjunction is an implication. -/
theorem or_iff_not_imp_left {a b : Prop} : a ∨ b ↔ (¬a → b) := Classical.or_iff_not_imp_left

/-- Not all `x` have the property exactly if some `x` lacks it. -/
theorem not_forall {α : Sort u} {p : α → Prop} : (¬∀ x, p x) ↔ ∃ x, ¬p x := Classical.not_forall
