-- Kinds: noncomputable definitions by choice, Classical.em and propext, funext; propositions as sets; dependent choice of functions.

open Classical

theorem dne (p : Prop) (h : ¬ ¬ p) : p := byContradiction h

theorem not_forall_exists {α : Type u} {p : α → Prop} : (¬ ∀ x, p x) ↔ ∃ x, ¬ p x := by
  constructor
  · intro h
    apply byContradiction
    intro hn
    exact h fun x => byContradiction fun hx => hn ⟨x, hx⟩
  · rintro ⟨x, hx⟩ h
    exact hx (h x)

theorem drinker {α : Type u} [Nonempty α] (p : α → Prop) : ∃ x, p x → ∀ y, p y := by
  by_cases h : ∀ y, p y
  · obtain ⟨x⟩ := ‹Nonempty α›
    exact ⟨x, fun _ => h⟩
  · obtain ⟨x, hx⟩ := not_forall_exists.mp h
    exact ⟨x, fun hp => absurd hp hx⟩

theorem axiom_of_choice {α : Type u} {β : Type v} {r : α → β → Prop} (h : ∀ x, ∃ y, r x y) :
    ∃ f : α → β, ∀ x, r x (f x) :=
  ⟨fun x => choose (h x), fun x => choose_spec (h x)⟩

noncomputable def rightInverse {α : Type u} {β : Type v} (f : α → β)
    (h : ∀ b, ∃ a, f a = b) : β → α := fun b => choose (h b)

theorem rightInverse_spec {α : Type u} {β : Type v} (f : α → β) (h : ∀ b, ∃ a, f a = b) (b : β) :
    f (rightInverse f h b) = b := choose_spec (h b)

theorem rightInverse_injective {α : Type u} {β : Type v} (f : α → β) (h : ∀ b, ∃ a, f a = b)
    (b c : β) (hbc : rightInverse f h b = rightInverse f h c) : b = c := by
  rw [← rightInverse_spec f h b, ← rightInverse_spec f h c, hbc]

noncomputable def leftInverse {α : Type u} {β : Type v} [Inhabited α] (f : α → β) : β → α := fun b =>
  if h : ∃ a, f a = b then choose h else default

theorem leftInverse_spec {α : Type u} {β : Type v} [Inhabited α] (f : α → β)
    (inj : ∀ a b, f a = f b → a = b) (a : α) : leftInverse f (f a) = a := by
  have h : ∃ a', f a' = f a := ⟨a, rfl⟩
  simp only [leftInverse, h, dif_pos]
  exact inj _ _ (choose_spec h)

noncomputable def indicator {α : Type u} (s : α → Prop) (x : α) : Nat := if s x then 1 else 0

theorem indicator_le {α : Type u} (s : α → Prop) (x : α) : indicator s x ≤ 1 := by
  unfold indicator
  split <;> decide

theorem indicator_and {α : Type u} (s t : α → Prop) (x : α) :
    indicator (fun x => s x ∧ t x) x = indicator s x * indicator t x := by
  by_cases hs : s x <;> by_cases ht : t x <;> simp [indicator, hs, ht]

theorem indicator_ext {α : Type u} (s t : α → Prop) (h : indicator s = indicator t) : s = t := by
  funext x
  have hx := congrFun h x
  by_cases hs : s x <;> by_cases ht : t x <;> simp_all [indicator]

theorem prop_degenerate (p : Prop) : p = True ∨ p = False := by
  rcases em p with h | h
  · exact .inl (propext ⟨fun _ => trivial, fun _ => h⟩)
  · exact .inr (propext ⟨h, False.elim⟩)

theorem cantor {α : Type u} (f : α → α → Prop) : ∃ s, ∀ a, f a ≠ s := by
  refine ⟨fun a => ¬ f a a, fun a h => ?_⟩
  have ha : f a a = ¬ f a a := congrFun h a
  by_cases hf : f a a
  · exact (ha ▸ hf) hf
  · exact hf (ha ▸ hf)

theorem least_exists (p : Nat → Prop) (h : ∃ n, p n) : ∃ n, p n ∧ ∀ m, p m → n ≤ m := by
  obtain ⟨n, hn⟩ := h
  induction n using Nat.strongRecOn with
  | ind n ih =>
    by_cases hm : ∃ m, m < n ∧ p m
    · obtain ⟨m, hlt, hpm⟩ := hm
      exact ih m hlt hpm
    · refine ⟨n, hn, fun m hpm => ?_⟩
      apply byContradiction
      intro hle
      exact hm ⟨m, by omega, hpm⟩

noncomputable def pick (α : Type u) [h : Nonempty α] : α := choice h

theorem pick_unique {α : Type u} [Nonempty α] (h : ∀ a b : α, a = b) (a : α) : pick α = a := h _ a

theorem epsilon_works (p : Nat → Prop) (h : p 3) : p (epsilon p) := epsilon_spec ⟨3, h⟩

example (p q : Prop) : (p → q) ∨ (q → p) := by
  by_cases h : q
  · exact .inl fun _ => h
  · exact .inr fun hq => absurd hq h
