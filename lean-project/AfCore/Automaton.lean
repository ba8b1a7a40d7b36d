import AfCore.List

/-!
# Languages and finite automata

This module owns formal languages (sets of words, a word being a list of letters) with the usual
operations, deterministic and nondeterministic automata, and regular languages. Names are those of
Mathlib.
-/

universe u v w

/-- A language over the alphabet `α` is a set of words, that is of lists of letters. -/
def Language (α : Type u) : Type u := List α → Prop

namespace Language

variable {α : Type u}

instance : Membership (List α) (Language α) := ⟨fun L x => L x⟩

/-- Languages with the same words are equal. -/
@[ext] theorem ext {L M : Language α} (h : ∀ x, x ∈ L ↔ x ∈ M) : L = M :=
  funext fun x => propext (h x)

/-- The language of all words with the property `p`. -/
def ofPred (p : List α → Prop) : Language α := p

/-- The empty language, written `0`. -/
instance : Zero (Language α) := ⟨ofPred fun _ => False⟩

/-- The language whose only word is the empty one, written `1`. -/
instance : One (Language α) := ⟨ofPred fun x => x = []⟩

/-- The union of two languages, written `L + M`. -/
instance : Add (Language α) := ⟨fun L M => ofPred fun x => x ∈ L ∨ x ∈ M⟩

/-- The concatenation of two languages, written `L * M`: all words `x ++ y` with `x` in `L` and `y`
in `M`. -/
instance : Mul (Language α) := ⟨fun L M => ofPred fun z => ∃ x y, x ∈ L ∧ y ∈ M ∧ z = x ++ y⟩

/-- The intersection of two languages. -/
def inter (L M : Language α) : Language α := ofPred fun x => x ∈ L ∧ x ∈ M

/-- The complement of a language: all words that are not in it. -/
def compl (L : Language α) : Language α := ofPred fun x => ¬ x ∈ L

/-- The language of the reversed words of `L`. -/
def reverse (L : Language α) : Language α := ofPred fun x => x.reverse ∈ L

/-- The Kleene star of `L`: all concatenations of finitely many words of `L`. -/
def star (L : Language α) : Language α := ofPred fun x => ∃ S : List (List α),
  x = S.flatten ∧ ∀ y ∈ S, y ∈ L

/-- `L ≤ M` says that every word of `L` is a word of `M`. -/
instance : LE (Language α) := ⟨fun L M => ∀ x, x ∈ L → x ∈ M⟩

@[simp] theorem mem_ofPred {p : List α → Prop} {x : List α} : x ∈ ofPred p ↔ p x := Iff.rfl
@[simp] theorem not_mem_zero (x : List α) : ¬ x ∈ (0 : Language α) := fun h => h
@[simp] theorem mem_one {x : List α} : x ∈ (1 : Language α) ↔ x = [] := Iff.rfl
@[simp] theorem mem_add {L M : Language α} {x : List α} : x ∈ L + M ↔ x ∈ L ∨ x ∈ M := Iff.rfl
theorem mem_mul {L M : Language α} {z : List α} :
    z ∈ L * M ↔ ∃ x y, x ∈ L ∧ y ∈ M ∧ z = x ++ y := Iff.rfl
@[simp] theorem mem_inter {L M : Language α} {x : List α} :
    x ∈ L.inter M ↔ x ∈ L ∧ x ∈ M := Iff.rfl
@[simp] theorem mem_compl {L : Language α} {x : List α} : x ∈ L.compl ↔ ¬ x ∈ L := Iff.rfl
@[simp] theorem mem_reverse {L : Language α} {x : List α} :
    x ∈ L.reverse ↔ x.reverse ∈ L := Iff.rfl
theorem mem_star {L : Language α} {x : List α} :
    x ∈ L.star ↔ ∃ S : List (List α), x = S.flatten ∧ ∀ y ∈ S, y ∈ L := Iff.rfl
theorem le_iff {L M : Language α} : L ≤ M ↔ ∀ x, x ∈ L → x ∈ M := Iff.rfl

end Language

/-- A deterministic automaton with the alphabet `α` and the states `σ`. -/
structure DFA (α : Type u) (σ : Type v) where
  /-- The state that follows a state on reading a letter. -/
  step : σ → α → σ
  /-- The state in which the automaton starts. -/
  start : σ
  /-- The accepting states. -/
  accept : σ → Prop

namespace DFA

variable {α : Type u} {σ : Type v} {τ : Type w}

/-- The state that `M` reaches from the state `s` by reading the word `x`. -/
def evalFrom (M : DFA α σ) (s : σ) (x : List α) : σ := x.foldl M.step s

/-- The state that `M` reaches from its start by reading the word `x`. -/
def eval (M : DFA α σ) (x : List α) : σ := M.evalFrom M.start x

/-- The language of `M`: all words that lead from the start to an accepting state. -/
def accepts (M : DFA α σ) : Language α := Language.ofPred fun x => M.accept (M.eval x)

@[simp] theorem evalFrom_nil (M : DFA α σ) (s : σ) : M.evalFrom s [] = s := rfl
@[simp] theorem evalFrom_cons (M : DFA α σ) (s : σ) (a : α) (x : List α) :
    M.evalFrom s (a :: x) = M.evalFrom (M.step s a) x := rfl
theorem mem_accepts (M : DFA α σ) (x : List α) : x ∈ M.accepts ↔ M.accept (M.eval x) := Iff.rfl

/-- Reading `x ++ y` is reading `x` and then `y`. -/
theorem evalFrom_append (M : DFA α σ) (s : σ) (x y : List α) :
    M.evalFrom s (x ++ y) = M.evalFrom (M.evalFrom s x) y := by simp [evalFrom]

/-- The automaton with accepting and other states exchanged. -/
def compl (M : DFA α σ) : DFA α σ where
  step := M.step
  start := M.start
  accept s := ¬ M.accept s

/-- The product automaton of `M` and `N`, which runs both at the same time and accepts when `p`
holds of the two answers. -/
def product (p : Prop → Prop → Prop) (M : DFA α σ) (N : DFA α τ) : DFA α (σ × τ) where
  step s a := (M.step s.1 a, N.step s.2 a)
  start := (M.start, N.start)
  accept s := p (M.accept s.1) (N.accept s.2)

/-- The product automaton that accepts when both automata accept. -/
def inter (M : DFA α σ) (N : DFA α τ) : DFA α (σ × τ) := product And M N

/-- The product automaton that accepts when one of the automata accepts. -/
def union (M : DFA α σ) (N : DFA α τ) : DFA α (σ × τ) := product Or M N

end DFA

/-- A nondeterministic automaton with the alphabet `α` and the states `σ`. -/
structure NFA (α : Type u) (σ : Type v) where
  /-- `step s a t`: on reading the letter `a`, the automaton may pass from `s` to `t`. -/
  step : σ → α → σ → Prop
  /-- The states in which the automaton may start. -/
  start : σ → Prop
  /-- The accepting states. -/
  accept : σ → Prop

namespace NFA

variable {α : Type u} {σ : Type v}

/-- `M.Run s x t`: reading the word `x`, the automaton may pass from `s` to `t`. -/
inductive Run (M : NFA α σ) : σ → List α → σ → Prop
  /-- Reading no letter. -/
  | nil (s : σ) : Run M s [] s
  /-- Reading a letter, and then the remaining word. -/
  | cons {s t r : σ} {a : α} {x : List α} (h : M.step s a t) (p : Run M t x r) : Run M s (a :: x) r

/-- The language of `M`: all words that lead, on some run, from a start to an accepting state. -/
def accepts (M : NFA α σ) : Language α :=
  Language.ofPred fun x => ∃ s t, M.start s ∧ M.Run s x t ∧ M.accept t

theorem mem_accepts (M : NFA α σ) (x : List α) :
    x ∈ M.accepts ↔ ∃ s t, M.start s ∧ M.Run s x t ∧ M.accept t := Iff.rfl

/-- The subset construction: the deterministic automaton whose states are sets of states of `M`. -/
def toDFA (M : NFA α σ) : DFA α (σ → Prop) where
  step S a := fun t => ∃ s, S s ∧ M.step s a t
  start := M.start
  accept S := ∃ s, S s ∧ M.accept s

end NFA

/-- A language is regular if a deterministic automaton with finitely many states accepts it. -/
def Language.IsRegular {α : Type u} (L : Language α) : Prop :=
  ∃ (n : Nat) (M : DFA α (Fin n)), M.accepts = L
