-- Kinds: well-typed terms as an indexed family, evaluation into a type computed from the index, optimisation by dependent matching.

inductive Ty where | nat | bool

@[reducible] def Ty.denote : Ty → Type
  | .nat => Nat
  | .bool => Bool

inductive Expr' : Ty → Type where
  | lit : Nat → Expr' .nat
  | tt : Expr' .bool
  | add : Expr' .nat → Expr' .nat → Expr' .nat
  | ite : Expr' .bool → Expr' t → Expr' t → Expr' t

def Expr'.eval : Expr' t → t.denote
  | .lit n => n
  | .tt => true
  | .add a b => a.eval + b.eval
  | .ite c a b => bif c.eval then a.eval else b.eval

def Expr'.plus (a b : Expr' .nat) : Expr' .nat :=
  match a with
  | .lit 0 => b
  | a => .add a b

def Expr'.cond (c : Expr' .bool) (a b : Expr' t) : Expr' t :=
  match c with
  | .tt => a
  | c => .ite c a b

def Expr'.simp : Expr' t → Expr' t
  | .lit n => .lit n
  | .tt => .tt
  | .add a b => plus a.simp b.simp
  | .ite c a b => cond c.simp a.simp b.simp

theorem Expr'.plus_eval (a b : Expr' .nat) : (plus a b).eval = a.eval + b.eval := by
  unfold plus
  split
  · exact (Nat.zero_add _).symm
  · rfl

theorem Expr'.cond_eval (c : Expr' .bool) (a b : Expr' t) : (cond c a b).eval = bif c.eval then a.eval else b.eval := by
  unfold cond
  split <;> rfl

theorem Expr'.simp_correct (e : Expr' t) : e.simp.eval = e.eval := by
  induction e with
  | lit n => rfl
  | tt => rfl
  | add a b iha ihb => rw [simp, plus_eval, iha, ihb, eval]
  | ite c a b ihc iha ihb => rw [simp, cond_eval, ihc, iha, ihb, eval]

theorem Expr'.simp_example : (Expr'.add (.lit 0) (.lit 3)).simp = .lit 3 := rfl

def Expr'.size : Expr' t → Nat
  | .lit _ => 1
  | .tt => 1
  | .add a b => a.size + b.size + 1
  | .ite c a b => c.size + a.size + b.size + 1

theorem Expr'.size_pos (e : Expr' t) : 0 < e.size := by
  cases e <;> simp [Expr'.size]

theorem Expr'.eval_add (a b : Expr' .nat) : (Expr'.add a b).eval = a.eval + b.eval := rfl

theorem Expr'.eval_ite_tt (a b : Expr' t) : (Expr'.ite .tt a b).eval = a.eval := rfl

theorem Expr'.ite_same (c : Expr' .bool) (a : Expr' t) : (Expr'.ite c a a).eval = a.eval := by
  simp only [Expr'.eval]
  cases c.eval <;> rfl

theorem Expr'.bool_form (e : Expr' .bool) : e = .tt ∨ ∃ c a b, e = .ite c a b := by
  cases e with
  | tt => exact .inl rfl
  | ite c a b => exact .inr ⟨c, a, b, rfl⟩

theorem Expr'.bool_eval_true : (e : Expr' .bool) → e.eval = true
  | .tt => rfl
  | .ite c a b => by
    simp only [Expr'.eval, bool_eval_true c, bool_eval_true a, cond_true]

theorem Ty.denote_ne : Ty.denote .nat ≠ Ty.denote .bool := by
  intro h
  have sub : ∀ α : Type, Nat = α → ∃ a b c : α, a ≠ b ∧ b ≠ c ∧ a ≠ c := by
    intro α e
    subst e
    exact ⟨0, 1, 2, by decide, by decide, by decide⟩
  obtain ⟨a, b, c, h₁, h₂, h₃⟩ := sub Bool h
  revert a b c
  decide
