/-! Properties of a binary relation `r : α → α → Prop`, composition of relations and closures.
Core Lean has `Equivalence r` (with fields `refl`, `symm`, `trans`) and the transitive closure
`Relation.TransGen r`. -/

universe u v w

section Properties

variable {α : Sort u} (r : α → α → Prop)

/-- Every element is related to itself. -/
def Reflexive : Prop := ∀ x, r x x

/-- If `x` is related to `y`, then `y` is related to `x`. -/
def Symmetric : Prop := ∀ ⦃x y⦄, r x y → r y x

/-- If `x` is related to `y` and `y` to `z`, then `x` is related to `z`. -/
def Transitive : Prop := ∀ ⦃x y z⦄, r x y → r y z → r x z

/-- No element is related to itself. -/
def Irreflexive : Prop := ∀ x, ¬r x x

/-- Elements that are related both ways are equal. -/
def AntiSymmetric : Prop := ∀ ⦃x y⦄, r x y → r y x → x = y

/-- No two elements are related both ways. -/
def Asymmetric : Prop := ∀ ⦃x y⦄, r x y → ¬r y x

/-- Any two elements are related one way or the other. -/
def Total : Prop := ∀ x y, r x y ∨ r y x

end Properties

section Equivalence

variable {α : Sort u} {r : α → α → Prop}

/-- Being an equivalence relation means being reflexive, symmetric and transitive. -/
theorem equivalence_iff : Equivalence r ↔ Reflexive r ∧ Symmetric r ∧ Transitive r :=
  ⟨fun h => ⟨h.refl, fun _ _ => h.symm, fun _ _ _ => h.trans⟩,
    fun ⟨hr, hs, ht⟩ => ⟨hr, fun h => hs h, fun h₁ h₂ => ht h₁ h₂⟩⟩

theorem Equivalence.reflexive (h : Equivalence r) : Reflexive r := h.refl

theorem Equivalence.symmetric (h : Equivalence r) : Symmetric r := fun _ _ => h.symm

theorem Equivalence.transitive (h : Equivalence r) : Transitive r := fun _ _ _ => h.trans

end Equivalence

namespace Relation

variable {α : Sort u} {β : Sort v} {γ : Sort w}

/-- The composition of two relations: `Comp r p a c` if `r a b` and `p b c` for some `b`. -/
def Comp (r : α → β → Prop) (p : β → γ → Prop) (a : α) (c : γ) : Prop :=
  ∃ b, r a b ∧ p b c

@[inherit_doc] infixr:80 " ∘r " => Relation.Comp

variable {r : α → α → Prop} {a b c : α}

/-- The reflexive closure: equality or one step. -/
inductive ReflGen (r : α → α → Prop) (a : α) : α → Prop
  | refl : ReflGen r a a
  | single {b : α} : r a b → ReflGen r a b

/-- The reflexive transitive closure: `b` is reached from `a` in finitely many steps. -/
inductive ReflTransGen (r : α → α → Prop) (a : α) : α → Prop
  | refl : ReflTransGen r a a
  | tail {b c : α} : ReflTransGen r a b → r b c → ReflTransGen r a c

/-- The equivalence closure: the least equivalence relation that contains `r`. -/
inductive EqvGen (r : α → α → Prop) : α → α → Prop
  | rel (x y : α) : r x y → EqvGen r x y
  | refl (x : α) : EqvGen r x x
  | symm (x y : α) : EqvGen r x y → EqvGen r y x
  | trans (x y z : α) : EqvGen r x y → EqvGen r y z → EqvGen r x z

/-- One step is a path. -/
theorem ReflTransGen.single (h : r a b) : ReflTransGen r a b := .tail .refl h

/-- Paths can be joined. -/
theorem ReflTransGen.trans (hab : ReflTransGen r a b) (hbc : ReflTransGen r b c) :
    ReflTransGen r a c := by
  induction hbc with
  | refl => exact hab
  | tail _ h ih => exact ih.tail h

/-- A step can be put in front of a path. -/
theorem ReflTransGen.head (hab : r a b) (hbc : ReflTransGen r b c) : ReflTransGen r a c :=
  (ReflTransGen.single hab).trans hbc

/-- The closure grows with its relation. -/
theorem ReflTransGen.mono {p : α → α → Prop} (h : ∀ a b, r a b → p a b)
    (hab : ReflTransGen r a b) : ReflTransGen p a b := by
  induction hab with
  | refl => exact .refl
  | tail _ hs ih => exact ih.tail (h _ _ hs)

end Relation
