/-! Functions: bijections, involutions, iteration, fixed and periodic points. Core Lean has
`Function.Injective`, `Function.Surjective`, `Function.LeftInverse` (`LeftInverse g f` says that
`g (f x) = x` for all `x`), `Function.RightInverse` and composition `g ∘ f`. -/

universe u v w

/-- `Nat.iterate f n x`, written `f^[n] x`: the function `f` applied `n` times to `x`. -/
def Nat.iterate {α : Sort u} (f : α → α) : Nat → α → α
  | 0, a => a
  | n + 1, a => iterate f n (f a)

@[inherit_doc] notation:max f "^[" n "]" => Nat.iterate f n

namespace Function

variable {α : Sort u} {β : Sort v} {γ : Sort w}

/-- A function is bijective if it is injective and surjective. -/
def Bijective (f : α → β) : Prop :=
  Injective f ∧ Surjective f

/-- A function is involutive if applying it twice changes nothing. -/
def Involutive (f : α → α) : Prop :=
  ∀ x, f (f x) = x

/-- `x` is a fixed point of `f` if `f x = x`. -/
def IsFixedPt (f : α → α) (x : α) : Prop :=
  f x = x

/-- `x` is a periodic point of `f` of period `n` if `n` applications of `f` lead back to `x`. -/
def IsPeriodicPt (f : α → α) (n : Nat) (x : α) : Prop :=
  IsFixedPt f^[n] x

/-- `f` maps the action of `ga` to that of `gb`: `f (ga x) = gb (f x)` for all `x`. -/
def Semiconj (f : α → β) (ga : α → α) (gb : β → β) : Prop :=
  ∀ x, f (ga x) = gb (f x)

/-- Two functions commute if `f (g x) = g (f x)` for all `x`. -/
def Commute (f g : α → α) : Prop :=
  Semiconj f g g

theorem Bijective.injective {f : α → β} (h : Bijective f) : Injective f := h.1

theorem Bijective.surjective {f : α → β} (h : Bijective f) : Surjective f := h.2

/-- The identity is bijective. -/
theorem bijective_id : Bijective (id : α → α) :=
  ⟨fun _ _ h => h, fun x => ⟨x, rfl⟩⟩

/-- A composition of bijections is bijective. -/
theorem Bijective.comp {g : β → γ} {f : α → β} (hg : Bijective g) (hf : Bijective f) :
    Bijective (g ∘ f) :=
  ⟨hg.1.comp hf.1, hg.2.comp hf.2⟩

/-- If `g ∘ f` is injective, so is `f`. -/
theorem Injective.of_comp {g : β → γ} {f : α → β} (h : Injective (g ∘ f)) : Injective f :=
  fun _ _ e => h (congrArg g e)

/-- If `g ∘ f` is surjective, so is `g`. -/
theorem Surjective.of_comp {g : β → γ} {f : α → β} (h : Surjective (g ∘ f)) : Surjective g :=
  fun z => let ⟨x, hx⟩ := h z; ⟨f x, hx⟩

/-- A surjective function has a right inverse (by choice). -/
theorem Surjective.hasRightInverse {f : α → β} (h : Surjective f) : HasRightInverse f :=
  let ⟨g, hg⟩ := Classical.axiomOfChoice h
  ⟨g, hg⟩

/-- A function is bijective exactly if every value is attained exactly once. -/
theorem bijective_iff_existsUnique {f : α → β} :
    Bijective f ↔ ∀ b, ∃ a, f a = b ∧ ∀ a', f a' = b → a' = a := by
  constructor
  · rintro ⟨hi, hs⟩ b
    obtain ⟨a, ha⟩ := hs b
    exact ⟨a, ha, fun a' h => hi (h.trans ha.symm)⟩
  · intro h
    refine ⟨fun x y e => ?_, fun b => let ⟨a, ha, _⟩ := h b; ⟨a, ha⟩⟩
    obtain ⟨a, _, hu⟩ := h (f y)
    rw [hu x e, hu y rfl]

/-- A function is bijective exactly if it has a two-sided inverse. -/
theorem bijective_iff_has_inverse {f : α → β} :
    Bijective f ↔ ∃ g, LeftInverse g f ∧ RightInverse g f := by
  constructor
  · rintro ⟨hi, hs⟩
    obtain ⟨g, hg⟩ := hs.hasRightInverse
    exact ⟨g, fun x => hi (hg (f x)), hg⟩
  · rintro ⟨g, hl, hr⟩
    exact ⟨fun x y e => by rw [← hl x, ← hl y, e], fun b => ⟨g b, hr b⟩⟩

/-- An involution is bijective. -/
theorem Involutive.bijective {f : α → α} (h : Involutive f) : Bijective f :=
  bijective_iff_has_inverse.2 ⟨f, h, h⟩

@[simp] theorem iterate_zero_apply (f : α → α) (x : α) : f^[0] x = x := rfl

theorem iterate_succ_apply (f : α → α) (n : Nat) (x : α) : f^[n + 1] x = f^[n] (f x) := rfl

theorem iterate_succ_apply' (f : α → α) (n : Nat) (x : α) : f^[n + 1] x = f (f^[n] x) := by
  induction n generalizing x with
  | zero => rfl
  | succ n ih => rw [iterate_succ_apply, ih, iterate_succ_apply]

/-- Iterating `m + n` times is iterating `n` times and then `m` times. -/
theorem iterate_add_apply (f : α → α) (m n : Nat) (x : α) : f^[m + n] x = f^[m] (f^[n] x) := by
  induction m with
  | zero => rw [Nat.zero_add, iterate_zero_apply]
  | succ m ih => rw [Nat.succ_add, iterate_succ_apply', ih, iterate_succ_apply']

end Function
