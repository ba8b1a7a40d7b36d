import AfCore.Set

/-! Preorders, partial orders and linear orders; monotone maps; bounds, least and greatest elements,
suprema; minimal elements, chains, Galois connections and well-foundedness. -/

universe u v w

/-- A preorder: `≤` is reflexive and transitive, and `a < b` means `a ≤ b` but not `b ≤ a`. -/
class Preorder (α : Type u) extends LE α, LT α where
  le_refl : ∀ a : α, a ≤ a
  le_trans : ∀ a b c : α, a ≤ b → b ≤ c → a ≤ c
  lt := fun a b => a ≤ b ∧ ¬b ≤ a
  lt_iff_le_not_ge : ∀ a b : α, a < b ↔ a ≤ b ∧ ¬b ≤ a := by intros; rfl

/-- A partial order: a preorder in which `a ≤ b` and `b ≤ a` only if `a = b`. -/
class PartialOrder (α : Type u) extends Preorder α where
  le_antisymm : ∀ a b : α, a ≤ b → b ≤ a → a = b

/-- A linear (total) order: a partial order in which any two elements are comparable. -/
class LinearOrder (α : Type u) extends PartialOrder α where
  le_total : ∀ a b : α, a ≤ b ∨ b ≤ a

section Lemmas

variable {α : Type u}

section Preorder

variable [Preorder α] {a b c : α}

@[simp] theorem le_refl (a : α) : a ≤ a := Preorder.le_refl a

theorem le_rfl : a ≤ a := le_refl a

theorem le_of_eq (h : a = b) : a ≤ b := h ▸ le_refl a

theorem le_trans (hab : a ≤ b) (hbc : b ≤ c) : a ≤ c := Preorder.le_trans a b c hab hbc

theorem lt_iff_le_not_ge : a < b ↔ a ≤ b ∧ ¬b ≤ a := Preorder.lt_iff_le_not_ge a b

theorem le_of_lt (h : a < b) : a ≤ b := (lt_iff_le_not_ge.1 h).1

theorem not_le_of_gt (h : a < b) : ¬b ≤ a := (lt_iff_le_not_ge.1 h).2

@[simp] theorem lt_irrefl (a : α) : ¬a < a := fun h => not_le_of_gt h (le_refl a)

theorem lt_of_lt_of_le (hab : a < b) (hbc : b ≤ c) : a < c :=
  lt_iff_le_not_ge.2 ⟨le_trans (le_of_lt hab) hbc, fun h => not_le_of_gt hab (le_trans hbc h)⟩

theorem lt_of_le_of_lt (hab : a ≤ b) (hbc : b < c) : a < c :=
  lt_iff_le_not_ge.2 ⟨le_trans hab (le_of_lt hbc), fun h => not_le_of_gt hbc (le_trans h hab)⟩

theorem lt_trans (hab : a < b) (hbc : b < c) : a < c := lt_of_lt_of_le hab (le_of_lt hbc)

theorem lt_asymm (h : a < b) : ¬b < a := fun h' => lt_irrefl a (lt_trans h h')

theorem ne_of_lt (h : a < b) : a ≠ b := fun e => lt_irrefl a (e ▸ h)

instance : Std.IsPreorder α := ⟨le_refl, Preorder.le_trans⟩

instance : Std.LawfulOrderLT α := ⟨Preorder.lt_iff_le_not_ge⟩

end Preorder

section PartialOrder

variable [PartialOrder α] {a b : α}

theorem le_antisymm (hab : a ≤ b) (hba : b ≤ a) : a = b := PartialOrder.le_antisymm a b hab hba

theorem lt_of_le_of_ne (hab : a ≤ b) (hne : a ≠ b) : a < b :=
  lt_iff_le_not_ge.2 ⟨hab, fun h => hne (le_antisymm hab h)⟩

theorem lt_iff_le_and_ne : a < b ↔ a ≤ b ∧ a ≠ b :=
  ⟨fun h => ⟨le_of_lt h, ne_of_lt h⟩, fun h => lt_of_le_of_ne h.1 h.2⟩

instance : Std.IsPartialOrder α := ⟨PartialOrder.le_antisymm⟩

end PartialOrder

section LinearOrder

variable [LinearOrder α] {a b : α}

theorem le_total (a b : α) : a ≤ b ∨ b ≤ a := LinearOrder.le_total a b

theorem lt_of_not_ge (h : ¬b ≤ a) : a < b :=
  lt_iff_le_not_ge.2 ⟨(le_total a b).resolve_right h, h⟩

theorem le_of_not_gt (h : ¬b < a) : a ≤ b :=
  (le_total a b).elim id fun _ => Classical.byContradiction fun hab => h (lt_of_not_ge hab)

@[simp] theorem not_le : ¬a ≤ b ↔ b < a := ⟨lt_of_not_ge, not_le_of_gt⟩

@[simp] theorem not_lt : ¬a < b ↔ b ≤ a := ⟨le_of_not_gt, fun h h' => not_le_of_gt h' h⟩

theorem lt_trichotomy (a b : α) : a < b ∨ a = b ∨ b < a := by
  by_cases h : a ≤ b
  · by_cases e : a = b
    · exact .inr (.inl e)
    · exact .inl (lt_of_le_of_ne h e)
  · exact .inr (.inr (lt_of_not_ge h))

instance : Std.IsLinearOrder α where
  le_total := LinearOrder.le_total

end LinearOrder

end Lemmas

instance : LinearOrder Nat where
  le_refl := Nat.le_refl
  le_trans _ _ _ := Nat.le_trans
  lt_iff_le_not_ge _ _ := by omega
  le_antisymm _ _ := Nat.le_antisymm
  le_total := Nat.le_total

instance : LinearOrder Int where
  le_refl := Int.le_refl
  le_trans _ _ _ := Int.le_trans
  lt_iff_le_not_ge _ _ := by omega
  le_antisymm _ _ := Int.le_antisymm
  le_total := Int.le_total

/-- Sets are ordered by inclusion. -/
instance {α : Type u} : PartialOrder (Set α) where
  le s t := s ⊆ t
  le_refl := Set.Subset.refl
  le_trans _ _ _ := Set.Subset.trans
  le_antisymm _ _ := Set.Subset.antisymm

section Monotone

variable {α : Type u} {β : Type v}

/-- `f` is monotone (order preserving): `a ≤ b` implies `f a ≤ f b`. -/
def Monotone [LE α] [LE β] (f : α → β) : Prop := ∀ ⦃a b⦄, a ≤ b → f a ≤ f b

/-- `f` is antitone (order reversing): `a ≤ b` implies `f b ≤ f a`. -/
def Antitone [LE α] [LE β] (f : α → β) : Prop := ∀ ⦃a b⦄, a ≤ b → f b ≤ f a

/-- `f` is strictly monotone: `a < b` implies `f a < f b`. -/
def StrictMono [LT α] [LT β] (f : α → β) : Prop := ∀ ⦃a b⦄, a < b → f a < f b

/-- `f` is strictly antitone: `a < b` implies `f b < f a`. -/
def StrictAnti [LT α] [LT β] (f : α → β) : Prop := ∀ ⦃a b⦄, a < b → f b < f a

end Monotone

section Bounds

variable {α : Type u}

/-- The set of upper bounds of `s`. -/
def upperBounds [LE α] (s : Set α) : Set α := {x | ∀ ⦃a⦄, a ∈ s → a ≤ x}

/-- The set of lower bounds of `s`. -/
def lowerBounds [LE α] (s : Set α) : Set α := {x | ∀ ⦃a⦄, a ∈ s → x ≤ a}

/-- `s` is bounded above if it has an upper bound. -/
def BddAbove [LE α] (s : Set α) : Prop := (upperBounds s).Nonempty

/-- `s` is bounded below if it has a lower bound. -/
def BddBelow [LE α] (s : Set α) : Prop := (lowerBounds s).Nonempty

/-- `a` is the least element of `s`: it belongs to `s` and is a lower bound of `s`. -/
def IsLeast [LE α] (s : Set α) (a : α) : Prop := a ∈ s ∧ a ∈ lowerBounds s

/-- `a` is the greatest element of `s`: it belongs to `s` and is an upper bound of `s`. -/
def IsGreatest [LE α] (s : Set α) (a : α) : Prop := a ∈ s ∧ a ∈ upperBounds s

/-- `a` is the supremum of `s`: its least upper bound. -/
def IsLUB [LE α] (s : Set α) (a : α) : Prop := IsLeast (upperBounds s) a

/-- `a` is the infimum of `s`: its greatest lower bound. -/
def IsGLB [LE α] (s : Set α) (a : α) : Prop := IsGreatest (lowerBounds s) a

/-- `x` is minimal among the elements with `P`: every such element below `x` is also above `x`. -/
def Minimal [LE α] (P : α → Prop) (x : α) : Prop := P x ∧ ∀ ⦃y⦄, P y → y ≤ x → x ≤ y

/-- `x` is maximal among the elements with `P`: every such element above `x` is also below `x`. -/
def Maximal [LE α] (P : α → Prop) (x : α) : Prop := P x ∧ ∀ ⦃y⦄, P y → x ≤ y → y ≤ x

/-- `s` is a chain of the relation `r` if any two different elements of `s` are related one way or
the other. -/
def IsChain (r : α → α → Prop) (s : Set α) : Prop :=
  ∀ ⦃x⦄, x ∈ s → ∀ ⦃y⦄, y ∈ s → x ≠ y → r x y ∨ r y x

@[simp] theorem mem_upperBounds [LE α] {s : Set α} {a : α} :
    a ∈ upperBounds s ↔ ∀ x, x ∈ s → x ≤ a := Iff.rfl

@[simp] theorem mem_lowerBounds [LE α] {s : Set α} {a : α} :
    a ∈ lowerBounds s ↔ ∀ x, x ∈ s → a ≤ x := Iff.rfl

end Bounds

/-- A Galois connection between two ordered types: `l a ≤ b` exactly if `a ≤ u b`. -/
def GaloisConnection {α : Type u} {β : Type v} [LE α] [LE β] (l : α → β) (u : β → α) : Prop :=
  ∀ a b, l a ≤ b ↔ a ≤ u b

/-- For a well-founded relation every nonempty set has a minimal element. -/
theorem WellFounded.has_min {α : Type u} {r : α → α → Prop} (h : WellFounded r) (s : Set α)
    (hs : s.Nonempty) : ∃ a, a ∈ s ∧ ∀ x, x ∈ s → ¬r x a := by
  obtain ⟨a, ha⟩ := hs
  induction a using h.induction with
  | _ a ih =>
    by_cases hex : ∃ x, x ∈ s ∧ r x a
    · obtain ⟨x, hx, hr⟩ := hex
      exact ih x hr hx
    · exact ⟨a, ha, fun x hx hr => hex ⟨x, hx, hr⟩⟩

/-- The well-ordering principle: every nonempty set of natural numbers has a least element. -/
theorem Nat.exists_isLeast (s : Set Nat) (hs : s.Nonempty) : ∃ m, IsLeast s m :=
  let ⟨m, hm, h⟩ := WellFounded.has_min Nat.lt_wfRel.wf s hs
  ⟨m, hm, fun x hx => Nat.not_lt.1 (h x hx)⟩
