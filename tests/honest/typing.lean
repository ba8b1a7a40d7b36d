-- Kinds: typing judgements as inductive families in Prop, environments as functions, small-step semantics, progress and preservation, determinism.

namespace Stlc

inductive Ty where
  | bool
  | nat
  deriving DecidableEq, Repr, Inhabited

inductive Tm where
  | tru | fls | zero
  | succ (t : Tm)
  | pred (t : Tm)
  | iszero (t : Tm)
  | ite (c t e : Tm)
  deriving DecidableEq, Repr

inductive NatVal : Tm → Prop
  | zero : NatVal .zero
  | succ : NatVal v → NatVal (.succ v)

inductive Value : Tm → Prop
  | tru : Value .tru
  | fls : Value .fls
  | nat : NatVal v → Value v

inductive HasType : Tm → Ty → Prop
  | tru : HasType .tru .bool
  | fls : HasType .fls .bool
  | zero : HasType .zero .nat
  | succ : HasType t .nat → HasType (.succ t) .nat
  | pred : HasType t .nat → HasType (.pred t) .nat
  | iszero : HasType t .nat → HasType (.iszero t) .bool
  | ite : HasType c .bool → HasType t T → HasType e T → HasType (.ite c t e) T

local notation:40 "⊢ " t " : " T => HasType t T

inductive Step : Tm → Tm → Prop
  | iteTru : Step (.ite .tru t e) t
  | iteFls : Step (.ite .fls t e) e
  | ite : Step c c' → Step (.ite c t e) (.ite c' t e)
  | succ : Step t t' → Step (.succ t) (.succ t')
  | predZero : Step (.pred .zero) .zero
  | predSucc : NatVal v → Step (.pred (.succ v)) v
  | pred : Step t t' → Step (.pred t) (.pred t')
  | iszeroZero : Step (.iszero .zero) .tru
  | iszeroSucc : NatVal v → Step (.iszero (.succ v)) .fls
  | iszero : Step t t' → Step (.iszero t) (.iszero t')

infix:40 " ⟶ " => Step

theorem NatVal.no_step (h : NatVal v) : ∀ t, ¬ v ⟶ t := by
  induction h with
  | zero => intro t h; cases h
  | succ _ ih =>
    intro t h
    cases h with
    | succ h => exact ih _ h

theorem Value.no_step (h : Value v) (t : Tm) : ¬ v ⟶ t := by
  intro hs
  cases h with
  | tru => cases hs
  | fls => cases hs
  | nat h => exact h.no_step t hs

theorem bool_canonical (h : ⊢ v : .bool) (hv : Value v) : v = .tru ∨ v = .fls := by
  cases hv with
  | tru => exact .inl rfl
  | fls => exact .inr rfl
  | nat hn => cases hn <;> cases h

theorem nat_canonical (h : ⊢ v : .nat) (hv : Value v) : NatVal v := by
  cases hv with
  | tru => cases h
  | fls => cases h
  | nat hn => exact hn

theorem preservation (h : ⊢ t : T) (hs : t ⟶ t') : ⊢ t' : T := by
  induction hs generalizing T with
  | iteTru => cases h with | ite _ h _ => exact h
  | iteFls => cases h with | ite _ _ h => exact h
  | ite _ ih => cases h with | ite hc ht he => exact .ite (ih hc) ht he
  | succ _ ih => cases h with | succ h => exact .succ (ih h)
  | predZero => cases h; exact .zero
  | predSucc _ => cases h with | pred h => cases h with | succ h => exact h
  | pred _ ih => cases h with | pred h => exact .pred (ih h)
  | iszeroZero => cases h; exact .tru
  | iszeroSucc _ => cases h; exact .fls
  | iszero _ ih => cases h with | iszero h => exact .iszero (ih h)

theorem progress (h : ⊢ t : T) : Value t ∨ ∃ t', t ⟶ t' := by
  induction h with
  | tru => exact .inl .tru
  | fls => exact .inl .fls
  | zero => exact .inl (.nat .zero)
  | succ h ih =>
    rcases ih with hv | ⟨t', ht⟩
    · exact .inl (.nat (.succ (nat_canonical h hv)))
    · exact .inr ⟨_, .succ ht⟩
  | pred h ih =>
    rcases ih with hv | ⟨t', ht⟩
    · cases nat_canonical h hv with
      | zero => exact .inr ⟨_, .predZero⟩
      | succ hn => exact .inr ⟨_, .predSucc hn⟩
    · exact .inr ⟨_, .pred ht⟩
  | iszero h ih =>
    rcases ih with hv | ⟨t', ht⟩
    · cases nat_canonical h hv with
      | zero => exact .inr ⟨_, .iszeroZero⟩
      | succ hn => exact .inr ⟨_, .iszeroSucc hn⟩
    · exact .inr ⟨_, .iszero ht⟩
  | ite hc _ _ ih _ _ =>
    rcases ih with hv | ⟨t', ht⟩
    · rcases bool_canonical hc hv with rfl | rfl
      · exact .inr ⟨_, .iteTru⟩
      · exact .inr ⟨_, .iteFls⟩
    · exact .inr ⟨_, .ite ht⟩

theorem type_unique (h₁ : ⊢ t : S) (h₂ : ⊢ t : T) : S = T := by
  induction h₁ generalizing T with
  | ite _ _ _ _ ih _ => cases h₂ with | ite _ h _ => exact ih h
  | _ => cases h₂; rfl

inductive Steps : Tm → Tm → Prop
  | refl : Steps t t
  | step : t ⟶ t' → Steps t' t'' → Steps t t''

theorem preservation_steps (h : ⊢ t : T) (hs : Steps t t') : ⊢ t' : T := by
  induction hs with
  | refl => exact h
  | step h₁ _ ih => exact ih (preservation h h₁)

theorem soundness (h : ⊢ t : T) (hs : Steps t t') : Value t' ∨ ∃ t'', t' ⟶ t'' :=
  progress (preservation_steps h hs)

def infer : Tm → Option Ty
  | .tru => some .bool
  | .fls => some .bool
  | .zero => some .nat
  | .succ t => if infer t = some .nat then some .nat else none
  | .pred t => if infer t = some .nat then some .nat else none
  | .iszero t => if infer t = some .nat then some .bool else none
  | .ite c t e => if infer c = some .bool ∧ infer t = infer e then infer t else none

theorem infer_complete (h : ⊢ t : T) : infer t = some T := by
  induction h <;> simp_all [infer]

theorem infer_sound (t : Tm) : ∀ T, infer t = some T → (⊢ t : T) := by
  induction t with
  | tru => intro T h; cases h; exact .tru
  | fls => intro T h; cases h; exact .fls
  | zero => intro T h; cases h; exact .zero
  | succ t ih =>
    intro T h
    simp only [infer] at h
    split at h
    · next ht => cases h; exact .succ (ih _ ht)
    · cases h
  | pred t ih =>
    intro T h
    simp only [infer] at h
    split at h
    · next ht => cases h; exact .pred (ih _ ht)
    · cases h
  | iszero t ih =>
    intro T h
    simp only [infer] at h
    split at h
    · next ht => cases h; exact .iszero (ih _ ht)
    · cases h
  | ite c t e ihc iht ihe =>
    intro T h
    simp only [infer] at h
    split at h
    · next hc => exact .ite (ihc _ hc.1) (iht _ h) (ihe _ (hc.2 ▸ h))
    · cases h

theorem stuck_example : ¬ ∃ T, ⊢ Tm.succ .tru : T := by
  rintro ⟨T, h⟩
  cases h with
  | succ h => cases h

end Stlc
