-- Kinds: term-mode and tactic proofs in propositional and predicate logic, dependent quantifiers, anonymous examples.

theorem and_swap (p q : Prop) : p ∧ q ↔ q ∧ p :=
  ⟨fun ⟨hp, hq⟩ => ⟨hq, hp⟩, fun ⟨hq, hp⟩ => ⟨hp, hq⟩⟩

theorem or_assoc' (p q r : Prop) : (p ∨ q) ∨ r ↔ p ∨ (q ∨ r) := by
  constructor
  · rintro ((hp | hq) | hr)
    · exact .inl hp
    · exact .inr (.inl hq)
    · exact .inr (.inr hr)
  · rintro (hp | hq | hr)
    · exact .inl (.inl hp)
    · exact .inl (.inr hq)
    · exact .inr hr

theorem curry (p q r : Prop) : (p ∧ q → r) ↔ (p → q → r) :=
  Iff.intro (fun h hp hq => h ⟨hp, hq⟩) (fun h ⟨hp, hq⟩ => h hp hq)

theorem no_self_negation (p : Prop) : ¬ (p ↔ ¬ p) := fun ⟨h₁, h₂⟩ =>
  have hn : ¬ p := fun hp => h₁ hp hp
  hn (h₂ hn)

theorem forall_and_distrib {α : Sort u} (p q : α → Prop) :
    (∀ x, p x ∧ q x) ↔ (∀ x, p x) ∧ (∀ x, q x) :=
  ⟨fun h => ⟨fun x => (h x).1, fun x => (h x).2⟩, fun ⟨h₁, h₂⟩ x => ⟨h₁ x, h₂ x⟩⟩

theorem exists_or_distrib {α : Type u} (p q : α → Prop) :
    (∃ x, p x ∨ q x) ↔ (∃ x, p x) ∨ (∃ x, q x) := by
  constructor
  · rintro ⟨x, hp | hq⟩
    · exact Or.inl ⟨x, hp⟩
    · exact Or.inr ⟨x, hq⟩
  · rintro (⟨x, hp⟩ | ⟨x, hq⟩)
    · exact ⟨x, Or.inl hp⟩
    · exact ⟨x, Or.inr hq⟩

theorem not_exists_intro {α : Sort _} {p : α → Prop} (h : ∀ x, ¬ p x) : ¬ ∃ x, p x :=
  fun ⟨x, hx⟩ => h x hx

theorem exists_unique_zero : ∃ n : Nat, (∀ m, n ≤ m) ∧ ∀ k, (∀ m, k ≤ m) → k = n :=
  ⟨0, Nat.zero_le, fun _ h => Nat.le_zero.mp (h 0)⟩

theorem no_barber {α : Type} (shaves : α → α → Prop) (b : α) :
    ¬ ∀ x, shaves b x ↔ ¬ shaves x x :=
  fun h => no_self_negation (shaves b b) (h b)

theorem skolem_dependent {α : Type u} {β : α → Type v} {r : (a : α) → β a → Prop}
    (f : (a : α) → β a) (h : ∀ a, r a (f a)) : ∃ g : (a : α) → β a, ∀ a, r a (g a) :=
  ⟨f, h⟩

theorem triple_negation (p : Prop) : ¬ ¬ ¬ p → ¬ p := fun h hp => h (fun hn => hn hp)

theorem em_irrefutable (p : Prop) : ¬ ¬ (p ∨ ¬ p) := by
  intro h
  apply h
  right
  intro hp
  apply h
  left
  assumption

theorem imp_chain (p q r s : Prop) (h₁ : p → q) (h₂ : q → r) (h₃ : r → s) : p → s := by
  intro hp
  exact h₃ <| h₂ <| h₁ hp

theorem decidable_contrapositive (p q : Prop) [Decidable q] (h : ¬ q → ¬ p) (hp : p) : q :=
  if hq : q then hq else absurd hp (h hq)

theorem swap_quantifiers {α β : Type} (r : α → β → Prop) (h : ∃ x, ∀ y, r x y) : ∀ y, ∃ x, r x y := by
  obtain ⟨x, hx⟩ := h
  intro y
  exact ⟨x, hx y⟩

theorem eq_leibniz {α : Type} (a b : α) : a = b ↔ ∀ p : α → Prop, p a → p b := by
  constructor
  · intro h p hp
    subst h
    exact hp
  · intro h
    exact h (fun x => a = x) rfl

theorem false_elim_any (h : False) : ∀ n : Nat, n = n + 1 := nomatch h

theorem grind_prop (p q r : Prop) (h₁ : p ∨ q) (h₂ : p → r) (h₃ : q → r) : r := by grind

theorem simp_bool (a b : Bool) : (a && b) = false ↔ a = false ∨ b = false := by
  cases a <;> cases b <;> simp

example (p q : Prop) (hp : p) (hq : q) : p ∧ q := And.intro hp hq
example (p : Prop) : p → p := id
example : ∃ f : Nat → Nat, ∀ n, f n = n + n := ⟨fun n => n + n, fun _ => rfl⟩
