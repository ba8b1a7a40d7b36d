-- Kinds: funext, propext and set extensionality, ext attributes, heterogeneous equality, casts along type equalities, transport, congruence, subsingletons, Sigma over equalities.

def MySet (α : Type u) := α → Prop

namespace MySet

instance : Membership α (MySet α) := ⟨fun s a => s a⟩
instance : Union (MySet α) := ⟨fun s t a => a ∈ s ∨ a ∈ t⟩
instance : Inter (MySet α) := ⟨fun s t a => a ∈ s ∧ a ∈ t⟩
instance : EmptyCollection (MySet α) := ⟨fun _ => False⟩
instance : HasSubset (MySet α) := ⟨fun s t => ∀ a, a ∈ s → a ∈ t⟩

@[ext] theorem ext {s t : MySet α} (h : ∀ a, a ∈ s ↔ a ∈ t) : s = t := funext fun a => propext (h a)

theorem union_comm (s t : MySet α) : s ∪ t = t ∪ s := by
  ext a
  exact Or.comm

theorem inter_union (s t r : MySet α) : s ∩ (t ∪ r) = (s ∩ t) ∪ (s ∩ r) := by
  ext a
  exact and_or_left

theorem union_empty (s : MySet α) : s ∪ ∅ = s := by
  ext a
  exact ⟨fun h => h.elim id False.elim, Or.inl⟩

theorem subset_antisymm {s t : MySet α} (h₁ : s ⊆ t) (h₂ : t ⊆ s) : s = t := by
  ext a
  exact ⟨h₁ a, h₂ a⟩

theorem subset_iff_union (s t : MySet α) : s ⊆ t ↔ s ∪ t = t := by
  constructor
  · intro h
    ext a
    exact ⟨fun h' => h'.elim (h a) id, Or.inr⟩
  · intro h a ha
    rw [← h]
    exact Or.inl ha

end MySet

theorem prop_ext_iff (p q : Prop) : (p ↔ q) = (p = q) :=
  propext ⟨propext, fun h => h ▸ Iff.rfl⟩

theorem function_ext₂ {f g : α → β → γ} (h : ∀ a b, f a b = g a b) : f = g := by
  funext a b
  exact h a b

theorem dep_funext {β : α → Type v} {f g : (a : α) → β a} (h : ∀ a, f a = g a) : f = g := funext h

theorem eta_unit (f : Unit → α) : f = fun _ => f () := rfl

theorem cast_trans_heq {α β γ : Type u} (h₁ : α = β) (h₂ : β = γ) (a : α) : HEq (cast h₂ (cast h₁ a)) a :=
  (cast_heq h₂ _).trans (cast_heq h₁ a)

theorem heq_fun {α : Type u} {β γ : α → Type v} (f : ∀ a, β a) (g : ∀ a, γ a) (hβ : β = γ)
    (h : ∀ a, HEq (f a) (g a)) : HEq f g := by
  subst hβ
  exact heq_of_eq (funext fun a => eq_of_heq (h a))

theorem heq_proof (p q : Prop) (h : p = q) (hp : p) (hq : q) : HEq hp hq := by
  subst h
  rfl

theorem cast_fun {α β : Type u} (h : α = β) (f : α → Nat) (b : β) : (h ▸ f : β → Nat) b = f (h ▸ b) := by
  subst h
  rfl

theorem fin_cast_val (h : n = m) (i : Fin n) : (h ▸ i : Fin m).val = i.val := by
  subst h
  rfl

theorem fin_heq (h : n = m) (i : Fin n) (j : Fin m) (hv : i.val = j.val) : HEq i j := by
  subst h
  exact heq_of_eq (Fin.ext hv)

theorem sigma_eq {β : α → Type v} {a a' : α} (h : a = a') (b : β a) : (⟨a, b⟩ : Σ a, β a) = ⟨a', h ▸ b⟩ := by
  subst h
  rfl

theorem transport_comp {β : α → Type v} {a b c : α} (h₁ : a = b) (h₂ : b = c) (x : β a) :
    h₂ ▸ (h₁ ▸ x : β b) = ((h₁.trans h₂) ▸ x : β c) := by
  subst h₁ h₂
  rfl

theorem congr_two (f : Nat → Nat → Nat) (a b c d : Nat) (h₁ : a = b) (h₂ : c = d) : f a c = f b d := by
  congr

theorem subsingleton_heq {α β : Type} [Subsingleton α] (h : α = β) (a : α) (b : β) : HEq a b := by
  subst h
  exact heq_of_eq (Subsingleton.elim a b)

theorem eq_mpr_rfl (p : Prop) (hp : p) : Eq.mpr rfl hp = hp := rfl

theorem uip {a b : α} (h₁ h₂ : a = b) : h₁ = h₂ := rfl

theorem type_of_cast (α : Type) (h : α = Nat) (a : α) : ∃ n : Nat, HEq a n := by
  subst h
  exact ⟨a, HEq.rfl⟩

@[ext] structure Pt where
  x : Nat
  y : Nat

theorem pt_ext (p : Pt) (h₁ : p.x = 0) (h₂ : p.y = 0) : p = ⟨0, 0⟩ := by
  ext
  · exact h₁
  · exact h₂
