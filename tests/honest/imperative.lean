-- Kinds: an imperative language: big-step semantics as an inductive predicate, an interpreter with fuel, determinism, soundness, divergence.

inductive Aexp where
  | num (n : Nat)
  | var (x : String)
  | add (a b : Aexp)
  | mul (a b : Aexp)

abbrev Env := String → Nat

def Aexp.eval (ρ : Env) : Aexp → Nat
  | num n => n
  | var x => ρ x
  | add a b => a.eval ρ + b.eval ρ
  | mul a b => a.eval ρ * b.eval ρ

inductive Com where
  | skip
  | assign (x : String) (e : Aexp)
  | seq (c d : Com)
  | ifz (e : Aexp) (c d : Com)
  | whilenz (e : Aexp) (c : Com)

def Env.set (ρ : Env) (x : String) (n : Nat) : Env := fun y => if y = x then n else ρ y

inductive Big : Com → Env → Env → Prop
  | skip : Big .skip ρ ρ
  | assign : Big (.assign x e) ρ (ρ.set x (e.eval ρ))
  | seq : Big c ρ ρ' → Big d ρ' ρ'' → Big (.seq c d) ρ ρ''
  | ifZero : e.eval ρ = 0 → Big c ρ ρ' → Big (.ifz e c d) ρ ρ'
  | ifPos : e.eval ρ ≠ 0 → Big d ρ ρ' → Big (.ifz e c d) ρ ρ'
  | whileStop : e.eval ρ = 0 → Big (.whilenz e c) ρ ρ
  | whileGo : e.eval ρ ≠ 0 → Big c ρ ρ' → Big (.whilenz e c) ρ' ρ'' → Big (.whilenz e c) ρ ρ''

def Com.exec : Nat → Com → Env → Option Env
  | 0, _, _ => none
  | _ + 1, .skip, ρ => some ρ
  | _ + 1, .assign x e, ρ => some (ρ.set x (e.eval ρ))
  | k + 1, .seq c d, ρ => (exec k c ρ).bind (exec k d)
  | k + 1, .ifz e c d, ρ => if e.eval ρ = 0 then exec k c ρ else exec k d ρ
  | k + 1, .whilenz e c, ρ => if e.eval ρ = 0 then some ρ else (exec k c ρ).bind (exec k (.whilenz e c))

theorem big_deterministic (h₁ : Big c ρ ρ₁) (h₂ : Big c ρ ρ₂) : ρ₁ = ρ₂ := by
  induction h₁ generalizing ρ₂ with
  | skip => cases h₂; rfl
  | assign => cases h₂; rfl
  | seq _ _ ih₁ ih₂ => cases h₂ with | seq ha hb => cases ih₁ ha; exact ih₂ hb
  | ifZero h _ ih => cases h₂ with | ifZero _ hc => exact ih hc | ifPos h' _ => exact absurd h h'
  | ifPos h _ ih => cases h₂ with | ifZero h' _ => exact absurd h' h | ifPos _ hd => exact ih hd
  | whileStop h => cases h₂ with | whileStop _ => rfl | whileGo h' _ _ => exact absurd h h'
  | whileGo h _ _ ih₁ ih₂ =>
    cases h₂ with
    | whileStop h' => exact absurd h' h
    | whileGo _ ha hb => cases ih₁ ha; exact ih₂ hb

theorem exec_sound (k : Nat) (c : Com) (ρ ρ' : Env) (h : c.exec k ρ = some ρ') : Big c ρ ρ' := by
  induction k generalizing c ρ ρ' with
  | zero => cases h
  | succ k ih =>
    cases c with
    | skip => cases h; exact .skip
    | assign x e => cases h; exact .assign
    | seq c d =>
      obtain ⟨ρ₁, h₁, h₂⟩ := Option.bind_eq_some_iff.mp h
      exact .seq (ih _ _ _ h₁) (ih _ _ _ h₂)
    | ifz e c d =>
      simp only [Com.exec] at h
      split at h
      · next he => exact .ifZero he (ih _ _ _ h)
      · next he => exact .ifPos he (ih _ _ _ h)
    | whilenz e c =>
      simp only [Com.exec] at h
      split at h
      · next he => cases h; exact .whileStop he
      · next he =>
        obtain ⟨ρ₁, h₁, h₂⟩ := Option.bind_eq_some_iff.mp h
        exact .whileGo he (ih _ _ _ h₁) (ih _ _ _ h₂)

theorem loop_forever (ρ ρ' : Env) : ¬ Big (.whilenz (.num 1) .skip) ρ ρ' := by
  intro h
  generalize hc : Com.whilenz (.num 1) .skip = c at h
  induction h with
  | whileStop h => cases hc; cases h
  | whileGo _ _ _ _ ih => exact ih hc
  | _ => cases hc

theorem skip_seq (c : Com) (ρ ρ' : Env) : Big (.seq .skip c) ρ ρ' ↔ Big c ρ ρ' := by
  constructor
  · intro h
    cases h with | seq h₁ h₂ => cases h₁; exact h₂
  · exact .seq .skip

theorem seq_assoc (c d e : Com) (ρ ρ' : Env) : Big (.seq (.seq c d) e) ρ ρ' ↔ Big (.seq c (.seq d e)) ρ ρ' := by
  constructor
  · intro h
    cases h with | seq h₁ h₂ => cases h₁ with | seq ha hb => exact .seq ha (.seq hb h₂)
  · intro h
    cases h with | seq h₁ h₂ => cases h₂ with | seq ha hb => exact .seq (.seq h₁ ha) hb

theorem set_same (ρ : Env) (x : String) (n : Nat) : ρ.set x n x = n := if_pos rfl

theorem set_other (ρ : Env) (x y : String) (n : Nat) (h : y ≠ x) : ρ.set x n y = ρ y := if_neg h

theorem while_unfold (e : Aexp) (c : Com) (ρ ρ' : Env) :
    Big (.whilenz e c) ρ ρ' ↔ Big (.ifz e .skip (.seq c (.whilenz e c))) ρ ρ' := by
  constructor
  · intro h
    cases h with
    | whileStop h => exact .ifZero h .skip
    | whileGo h h₁ h₂ => exact .ifPos h (.seq h₁ h₂)
  · intro h
    cases h with
    | ifZero h hs => cases hs; exact .whileStop h
    | ifPos h hs => cases hs with | seq h₁ h₂ => exact .whileGo h h₁ h₂
