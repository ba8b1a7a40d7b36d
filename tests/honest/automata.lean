-- Kinds: deterministic and nondeterministic automata as structures over types, languages as predicates, product and complement.

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
