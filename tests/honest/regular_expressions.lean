-- Kinds: regular expressions, matching as an inductive predicate, Brzozowski derivatives, a decision procedure with its instance.

inductive Rx (α : Type u) where
  | empty
  | eps
  | chr (a : α)
  | alt (r s : Rx α)
  | seq (r s : Rx α)
  | star (r : Rx α)

namespace Rx

inductive Matches {α : Type u} : Rx α → List α → Prop
  | eps : Matches .eps []
  | chr : Matches (.chr a) [a]
  | altL : Matches r w → Matches (.alt r s) w
  | altR : Matches s w → Matches (.alt r s) w
  | seq : Matches r v → Matches s w → Matches (.seq r s) (v ++ w)
  | starNil : Matches (.star r) []
  | starCons : Matches r (a :: v) → Matches (.star r) w → Matches (.star r) (a :: (v ++ w))

def nullable : Rx α → Bool
  | empty => false
  | eps => true
  | chr _ => false
  | alt r s => r.nullable || s.nullable
  | seq r s => r.nullable && s.nullable
  | star _ => true

variable [DecidableEq α]

def deriv (a : α) : Rx α → Rx α
  | empty => empty
  | eps => empty
  | chr b => if a = b then eps else empty
  | alt r s => alt (deriv a r) (deriv a s)
  | seq r s => if r.nullable then alt (seq (deriv a r) s) (deriv a s) else seq (deriv a r) s
  | star r => seq (deriv a r) (star r)

def isMatch (r : Rx α) : List α → Bool
  | [] => r.nullable
  | a :: w => isMatch (deriv a r) w

omit [DecidableEq α] in
theorem nullable_iff (r : Rx α) : r.nullable = true ↔ Matches r [] := by
  constructor
  · intro h
    induction r with
    | empty => cases h
    | eps => exact .eps
    | chr => cases h
    | alt r s ihr ihs =>
      rcases Bool.or_eq_true _ _ |>.mp h with h | h
      · exact .altL (ihr h)
      · exact .altR (ihs h)
    | seq r s ihr ihs =>
      have ⟨h₁, h₂⟩ := (Bool.and_eq_true _ _).mp h
      exact .seq (v := []) (w := []) (ihr h₁) (ihs h₂)
    | star => exact .starNil
  · intro h
    generalize hw : ([] : List α) = w at h
    induction h with
    | eps => rfl
    | chr => cases hw
    | altL _ ih => simp [nullable, ih hw]
    | altR _ ih => simp [nullable, ih hw]
    | seq _ _ ih₁ ih₂ =>
      have := List.append_eq_nil_iff.mp hw.symm
      simp [nullable, ih₁ this.1.symm, ih₂ this.2.symm]
    | starNil => rfl
    | starCons => cases hw

theorem deriv_sound (a : α) (r : Rx α) : ∀ w, Matches (deriv a r) w → Matches r (a :: w) := by
  induction r with
  | empty => exact nofun
  | eps => exact nofun
  | chr b =>
    intro w h
    simp only [deriv] at h
    split at h
    · next hb => subst hb; cases h; exact .chr
    · cases h
  | alt r s ihr ihs =>
    intro w h
    cases h with
    | altL h => exact .altL (ihr w h)
    | altR h => exact .altR (ihs w h)
  | seq r s ihr ihs =>
    intro w h
    simp only [deriv] at h
    split at h
    · next hn =>
      cases h with
      | altL h => cases h with | seq h₁ h₂ => exact .seq (v := _ :: _) (ihr _ h₁) h₂
      | altR h => exact .seq (v := []) ((nullable_iff r).mp hn) (ihs w h)
    · cases h with | seq h₁ h₂ => exact .seq (v := _ :: _) (ihr _ h₁) h₂
  | star r ih =>
    intro w h
    cases h with | seq h₁ h₂ => exact .starCons (ih _ h₁) h₂

theorem deriv_complete (a : α) (h : Matches r u) : ∀ w, u = a :: w → Matches (deriv a r) w := by
  induction h with
  | eps => exact nofun
  | chr =>
    intro w h
    cases h
    simp [deriv]
    exact .eps
  | altL _ ih => exact fun w h => .altL (ih w h)
  | altR _ ih => exact fun w h => .altR (ih w h)
  | @seq r v s w h₁ h₂ ih₁ ih₂ =>
    intro w' h
    cases v with
    | nil =>
      simp only [deriv, if_pos ((nullable_iff r).mpr h₁)]
      exact .altR (ih₂ w' h)
    | cons b v =>
      cases h
      simp only [deriv]
      split
      · exact .altL (.seq (ih₁ v rfl) h₂)
      · exact .seq (ih₁ v rfl) h₂
  | starNil => exact nofun
  | starCons _ h₂ ih₁ _ =>
    intro w h
    cases h
    exact .seq (ih₁ _ rfl) h₂

theorem isMatch_iff (r : Rx α) (w : List α) : r.isMatch w = true ↔ Matches r w := by
  induction w generalizing r with
  | nil => exact nullable_iff r
  | cons a w ih => exact (ih _).trans ⟨deriv_sound a r w, fun h => deriv_complete a h w rfl⟩

theorem abab_matches : (Rx.star (.seq (.chr 'a') (.chr 'b'))).isMatch ['a', 'b', 'a', 'b'] = true := by decide

instance (r : Rx α) (w : List α) : Decidable (Matches r w) := decidable_of_iff _ (isMatch_iff r w)

theorem not_matches_example : ¬ Matches (.seq (.chr 1) (.star (.chr 2))) [1, 2, 1] := by decide

theorem alt_comm (r s : Rx α) (w : List α) : isMatch (.alt r s) w = isMatch (.alt s r) w := by
  have key (r s : Rx α) : Matches (.alt r s) w → Matches (.alt s r) w := by
    intro h
    cases h with
    | altL h => exact .altR h
    | altR h => exact .altL h
  rw [Bool.eq_iff_iff, isMatch_iff, isMatch_iff]
  exact ⟨key r s, key s r⟩

omit [DecidableEq α] in
theorem seq_eps (r : Rx α) (w : List α) : Matches (.seq r .eps) w ↔ Matches r w := by
  constructor
  · intro h
    cases h with
    | seq h₁ h₂ =>
      cases h₂
      rwa [List.append_nil]
  · intro h
    have := Matches.seq h .eps
    rwa [List.append_nil] at this

omit [DecidableEq α] in
theorem empty_matches_nothing (w : List α) : ¬ Matches (.empty : Rx α) w := nofun

theorem empty_isMatch (w : List α) : isMatch (.empty : Rx α) w = false := by
  cases h : isMatch (.empty : Rx α) w with
  | false => rfl
  | true => exact absurd ((isMatch_iff _ w).mp h) (empty_matches_nothing w)

end Rx
