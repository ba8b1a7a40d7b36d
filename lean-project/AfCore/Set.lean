import AfCore.Notation
import AfCore.Logic
import AfCore.Function

/-! Sets of elements of a type: membership, inclusion, the Boolean operations, unions and
intersections of families, power sets, products, images and preimages. A set is the property of
belonging to it; sets with the same elements are equal (`Set.ext`). -/

universe u v w

/-- A set of elements of `α`. -/
def Set (α : Type u) : Type u := α → Prop

/-- The set of all `x` with `p x`, written `{x | p x}`. -/
def setOf {α : Type u} (p : α → Prop) : Set α := p

@[inherit_doc] notation "{" x:max " | " p "}" => setOf fun x => p
@[inherit_doc] notation "{" x:max " : " t " | " p "}" => setOf fun x : t => p
@[inherit_doc] notation "{" x:max " ∈ " s " | " p "}" => setOf fun x => x ∈ s ∧ p

namespace Set

variable {α : Type u} {β : Type v} {γ : Type w} {ι : Sort w}

instance : Membership α (Set α) := ⟨fun s a => s a⟩

/-- Sets with the same elements are equal. -/
@[ext] theorem ext {s t : Set α} (h : ∀ x, x ∈ s ↔ x ∈ t) : s = t :=
  funext fun x => propext (h x)

/-- A set is seen as the type of its elements. -/
instance : CoeSort (Set α) (Type u) := ⟨fun s => {x // x ∈ s}⟩

/-- `s ⊆ t`: every element of `s` is one of `t`. -/
instance : HasSubset (Set α) := ⟨fun s t => ∀ ⦃a⦄, a ∈ s → a ∈ t⟩

/-- `s ⊂ t`: `s` is a subset of `t`, and `t` not one of `s`. -/
instance : HasSSubset (Set α) := ⟨fun s t => s ⊆ t ∧ ¬t ⊆ s⟩

/-- The empty set. -/
instance : EmptyCollection (Set α) := ⟨{_x | False}⟩

/-- The set of all elements of the type. -/
def univ : Set α := {_x | True}

instance : Singleton α (Set α) := ⟨fun a => {b | b = a}⟩

instance : Insert α (Set α) := ⟨fun a s => {b | b = a ∨ b ∈ s}⟩

instance : Union (Set α) := ⟨fun s t => {a | a ∈ s ∨ a ∈ t}⟩

instance : Inter (Set α) := ⟨fun s t => {a | a ∈ s ∧ a ∈ t}⟩

instance : Compl (Set α) := ⟨fun s => {a | a ∉ s}⟩

instance : SDiff (Set α) := ⟨fun s t => {a | a ∈ s ∧ a ∉ t}⟩

/-- A set is nonempty if it has an element. -/
protected def Nonempty (s : Set α) : Prop := ∃ x, x ∈ s

/-- The power set of `s`: the set of its subsets. -/
def powerset (s : Set α) : Set (Set α) := {t | t ⊆ s}

@[inherit_doc] prefix:100 "𝒫 " => Set.powerset

/-- The image of `s` under `f`: all `f a` with `a ∈ s`. -/
def image (f : α → β) (s : Set α) : Set β := {b | ∃ a, a ∈ s ∧ f a = b}

@[inherit_doc] infixl:80 " '' " => Set.image

/-- The preimage of `t` under `f`: all `a` with `f a ∈ t`. -/
def preimage (f : α → β) (t : Set β) : Set α := {a | f a ∈ t}

@[inherit_doc] infixl:80 " ⁻¹' " => Set.preimage

/-- The range of `f`: all its values. -/
def range (f : ι → α) : Set α := {x | ∃ y, f y = x}

/-- The union of a family of sets: the elements of at least one of them. -/
def iUnion (s : ι → Set α) : Set α := {a | ∃ i, a ∈ s i}

/-- The intersection of a family of sets: the elements of all of them. -/
def iInter (s : ι → Set α) : Set α := {a | ∀ i, a ∈ s i}

@[inherit_doc] notation:60 "⋃ " i:max ", " s:60 => Set.iUnion fun i => s
@[inherit_doc] notation:60 "⋃ " i:max " : " t ", " s:60 => Set.iUnion fun i : t => s
@[inherit_doc] notation:60 "⋃ " i:max " ∈ " t ", " s:60 =>
  Set.iUnion fun i => Set.iUnion fun (_ : i ∈ t) => s
@[inherit_doc] notation:60 "⋂ " i:max ", " s:60 => Set.iInter fun i => s
@[inherit_doc] notation:60 "⋂ " i:max " : " t ", " s:60 => Set.iInter fun i : t => s
@[inherit_doc] notation:60 "⋂ " i:max " ∈ " t ", " s:60 =>
  Set.iInter fun i => Set.iInter fun (_ : i ∈ t) => s

/-- The union of a set of sets. -/
def sUnion (S : Set (Set α)) : Set α := {a | ∃ t, t ∈ S ∧ a ∈ t}

/-- The intersection of a set of sets. -/
def sInter (S : Set (Set α)) : Set α := {a | ∀ t, t ∈ S → a ∈ t}

@[inherit_doc] prefix:110 "⋃₀ " => Set.sUnion
@[inherit_doc] prefix:110 "⋂₀ " => Set.sInter

/-- The Cartesian product of two sets: the pairs with components in `s` and in `t`. -/
def prod (s : Set α) (t : Set β) : Set (α × β) := {p | p.1 ∈ s ∧ p.2 ∈ t}

@[inherit_doc] infixr:82 " ×ˢ " => Set.prod

/-- `f` maps `s` into `t`. -/
def MapsTo (f : α → β) (s : Set α) (t : Set β) : Prop := ∀ ⦃x⦄, x ∈ s → f x ∈ t

/-- `f` is injective on `s`. -/
def InjOn (f : α → β) (s : Set α) : Prop :=
  ∀ ⦃a₁⦄, a₁ ∈ s → ∀ ⦃a₂⦄, a₂ ∈ s → f a₁ = f a₂ → a₁ = a₂

/-- `f` maps `s` onto (at least) `t`. -/
def SurjOn (f : α → β) (s : Set α) (t : Set β) : Prop := t ⊆ f '' s

end Set

/-- Two sets are disjoint if they have no element in common. -/
def Disjoint {α : Type u} (s t : Set α) : Prop := s ∩ t ⊆ ∅

/-- The symmetric difference of two sets: the elements of exactly one of them. -/
def symmDiff {α : Type u} (s t : Set α) : Set α := (s \ t) ∪ (t \ s)

@[inherit_doc] infixl:100 " ∆ " => symmDiff

namespace Set

variable {α : Type u} {β : Type v} {ι : Sort w} {a b : α} {s t r : Set α}

@[simp] theorem mem_setOf_eq {p : α → Prop} : (a ∈ {x | p x}) = p a := rfl

@[simp] theorem mem_empty_iff_false (x : α) : x ∈ (∅ : Set α) ↔ False := Iff.rfl

@[simp] theorem mem_univ (x : α) : x ∈ (univ : Set α) := trivial

@[simp] theorem mem_singleton_iff : a ∈ ({b} : Set α) ↔ a = b := Iff.rfl

@[simp] theorem mem_insert_iff : a ∈ insert b s ↔ a = b ∨ a ∈ s := Iff.rfl

@[simp] theorem mem_union (x : α) (s t : Set α) : x ∈ s ∪ t ↔ x ∈ s ∨ x ∈ t := Iff.rfl

@[simp] theorem mem_inter_iff (x : α) (s t : Set α) : x ∈ s ∩ t ↔ x ∈ s ∧ x ∈ t := Iff.rfl

@[simp] theorem mem_compl_iff (s : Set α) (x : α) : x ∈ sᶜ ↔ x ∉ s := Iff.rfl

@[simp] theorem mem_diff (x : α) : x ∈ s \ t ↔ x ∈ s ∧ x ∉ t := Iff.rfl

@[simp] theorem mem_powerset_iff (t s : Set α) : t ∈ 𝒫 s ↔ t ⊆ s := Iff.rfl

@[simp] theorem mem_image (f : α → β) (s : Set α) (y : β) :
    y ∈ f '' s ↔ ∃ x, x ∈ s ∧ f x = y := Iff.rfl

@[simp] theorem mem_preimage {f : α → β} {t : Set β} : a ∈ f ⁻¹' t ↔ f a ∈ t := Iff.rfl

@[simp] theorem mem_range {f : ι → α} {x : α} : x ∈ range f ↔ ∃ y, f y = x := Iff.rfl

@[simp] theorem mem_iUnion {x : α} {s : ι → Set α} : x ∈ (⋃ i, s i) ↔ ∃ i, x ∈ s i := Iff.rfl

@[simp] theorem mem_iInter {x : α} {s : ι → Set α} : x ∈ (⋂ i, s i) ↔ ∀ i, x ∈ s i := Iff.rfl

@[simp] theorem mem_sUnion {x : α} {S : Set (Set α)} : x ∈ ⋃₀ S ↔ ∃ t, t ∈ S ∧ x ∈ t := Iff.rfl

@[simp] theorem mem_sInter {x : α} {S : Set (Set α)} : x ∈ ⋂₀ S ↔ ∀ t, t ∈ S → x ∈ t := Iff.rfl

@[simp] theorem mem_prod {t : Set β} {p : α × β} : p ∈ s ×ˢ t ↔ p.1 ∈ s ∧ p.2 ∈ t := Iff.rfl

theorem mem_symmDiff : a ∈ s ∆ t ↔ (a ∈ s ∧ a ∉ t) ∨ (a ∈ t ∧ a ∉ s) := Iff.rfl

theorem mem_image_of_mem (f : α → β) (h : a ∈ s) : f a ∈ f '' s := ⟨a, h, rfl⟩

/-- Inclusion, element by element. -/
theorem subset_def : (s ⊆ t) = ∀ x, x ∈ s → x ∈ t := rfl

/-- Strict inclusion. -/
theorem ssubset_def : (s ⊂ t) = (s ⊆ t ∧ ¬t ⊆ s) := rfl

@[simp] theorem Subset.refl (s : Set α) : s ⊆ s := fun _ h => h

theorem Subset.trans (hst : s ⊆ t) (htr : t ⊆ r) : s ⊆ r := fun _ h => htr (hst h)

/-- Sets that include each other are equal. -/
theorem Subset.antisymm (hst : s ⊆ t) (hts : t ⊆ s) : s = t :=
  ext fun _ => ⟨fun h => hst h, fun h => hts h⟩

/-- A set is empty exactly if it has no element. -/
theorem eq_empty_iff_forall_notMem : s = ∅ ↔ ∀ x, x ∉ s :=
  ⟨fun h _ hx => by rw [h] at hx; exact hx, fun h => ext fun x => iff_of_false (h x) id⟩

/-- A set is nonempty exactly if it is not the empty set. -/
theorem nonempty_iff_ne_empty : s.Nonempty ↔ s ≠ ∅ := by
  rw [Ne, eq_empty_iff_forall_notMem, not_forall]
  exact exists_congr fun _ => Classical.not_not.symm

/-- Disjointness, element by element. -/
theorem disjoint_left : Disjoint s t ↔ ∀ ⦃a⦄, a ∈ s → a ∉ t :=
  ⟨fun h _ hs ht => h ⟨hs, ht⟩, fun h _ hx => h hx.1 hx.2⟩

end Set
