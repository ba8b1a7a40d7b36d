-- Kinds: deterministic and nondeterministic automata as structures over types, languages as predicates, regular expressions with derivatives, matching correctness.

structure Dfa (σ : Type u) (α : Type v) where
  start : σ
  step : σ → α → σ
  final : σ → Bool

namespace Dfa

def run (M : Dfa σ α) : σ → List α → σ
  | q, [] => q
  | q, a :: w => M.run (M.step q a) w

def accepts (M : Dfa σ α) (w : List α) : Bool := M.final (M.run M.start w)

def compl (M : Dfa σ α) : Dfa σ α := { M with final := fun q => !M.final q }

def prod (M : Dfa σ α) (N : Dfa τ α) : Dfa (σ × τ) α where
  start := (M.start, N.start)
  step := fun (p, q) a => (M.step p a, N.step q a)
  final := fun (p, q) => M.final p && N.final q

theorem run_append (M : Dfa σ α) (q : σ) (v w : List α) : M.run q (v ++ w) = M.run (M.run q v) w := by
  induction v generalizing q with
  | nil => rfl
  | cons a v ih => exact ih _

theorem run_eq_foldl (M : Dfa σ α) (q : σ) (w : List α) : M.run q w = w.foldl M.step q := by
  induction w generalizing q with
  | nil => rfl
  | cons a w ih => exact ih _

theorem compl_run (M : Dfa σ α) (q : σ) (w : List α) : M.compl.run q w = M.run q w := by
  induction w generalizing q with
  | nil => rfl
  | cons a w ih => exact ih _

theorem compl_accepts (M : Dfa σ α) (w : List α) : M.compl.accepts w = !M.accepts w := by
  show (!M.final (M.compl.run M.start w)) = _
  rw [compl_run]
  rfl

theorem prod_run (M : Dfa σ α) (N : Dfa τ α) (p : σ) (q : τ) (w : List α) :
    (M.prod N).run (p, q) w = (M.run p w, N.run q w) := by
  induction w generalizing p q with
  | nil => rfl
  | cons a w ih => exact ih _ _

theorem prod_accepts (M : Dfa σ α) (N : Dfa τ α) (w : List α) :
    (M.prod N).accepts w = (M.accepts w && N.accepts w) := by
  unfold accepts
  rw [show (M.prod N).start = (M.start, N.start) from rfl, prod_run]
  rfl

def parity : Dfa Bool Bool := ⟨true, fun q a => q ^^ a, id⟩

theorem parity_accepts (w : List Bool) : parity.accepts w = true ↔ w.count true % 2 = 0 := by
  have key : ∀ (q : Bool) (w : List Bool), parity.run q w = true ↔ (w.count true + if q then 0 else 1) % 2 = 0 := by
    intro q w
    induction w generalizing q with
    | nil => cases q <;> simp [run]
    | cons a w ih =>
      rw [run, ih]
      cases q <;> cases a <;> simp [parity] <;> omega
  have := key true w
  simpa [accepts, parity] using this

theorem parity_example : parity.accepts [true, false, true] = true := rfl

end Dfa

structure Nfa (σ : Type u) (α : Type v) where
  start : σ → Prop
  step : σ → α → σ → Prop
  final : σ → Prop

namespace Nfa

inductive Reach (M : Nfa σ α) : σ → List α → σ → Prop
  | nil : Reach M q [] q
  | cons : M.step p a q → Reach M q w r → Reach M p (a :: w) r

def Accepts (M : Nfa σ α) (w : List α) : Prop := ∃ p q, M.start p ∧ M.Reach p w q ∧ M.final q

theorem Reach.append {M : Nfa σ α} (h₁ : M.Reach p v q) (h₂ : M.Reach q w r) : M.Reach p (v ++ w) r := by
  induction h₁ with
  | nil => exact h₂
  | cons h _ ih => exact .cons h (ih h₂)

theorem Reach.split {M : Nfa σ α} : ∀ {v : List α} {p r}, M.Reach p (v ++ w) r → ∃ q, M.Reach p v q ∧ M.Reach q w r
  | [], p, _, h => ⟨p, .nil, h⟩
  | _ :: _, _, _, .cons h h' =>
    have ⟨q, h₁, h₂⟩ := Reach.split h'
    ⟨q, .cons h h₁, h₂⟩

def ofDfa (M : Dfa σ α) : Nfa σ α where
  start q := q = M.start
  step p a q := q = M.step p a
  final q := M.final q = true

theorem ofDfa_reach (M : Dfa σ α) (p q : σ) (w : List α) : (ofDfa M).Reach p w q ↔ M.run p w = q := by
  induction w generalizing p with
  | nil =>
    constructor
    · rintro ⟨⟩
      rfl
    · rintro rfl
      exact .nil
  | cons a w ih =>
    constructor
    · intro h
      cases h with
      | cons hs h =>
        cases hs
        exact (ih _).mp h
    · intro h
      exact .cons rfl ((ih _).mpr h)

theorem ofDfa_accepts (M : Dfa σ α) (w : List α) : (ofDfa M).Accepts w ↔ M.accepts w = true := by
  constructor
  · rintro ⟨p, q, rfl, h, hf⟩
    rw [ofDfa_reach] at h
    subst h
    exact hf
  · intro h
    exact ⟨M.start, _, rfl, (ofDfa_reach M _ _ _).mpr rfl, h⟩

end Nfa

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

end Rx
