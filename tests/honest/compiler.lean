-- Kinds: expression compiler to a stack machine, interpreters as functions and as relations, optimiser, big-step against small-step, fuel.

inductive Aexp where
  | num (n : Nat)
  | var (x : String)
  | add (a b : Aexp)
  | mul (a b : Aexp)

inductive Instr where
  | push (n : Nat)
  | load (x : String)
  | add
  | mul

abbrev Env := String → Nat
abbrev Stack := List Nat

def Aexp.eval (ρ : Env) : Aexp → Nat
  | num n => n
  | var x => ρ x
  | add a b => a.eval ρ + b.eval ρ
  | mul a b => a.eval ρ * b.eval ρ

def Instr.exec (ρ : Env) : Instr → Stack → Option Stack
  | push n, s => some (n :: s)
  | load x, s => some (ρ x :: s)
  | add, a :: b :: s => some ((b + a) :: s)
  | mul, a :: b :: s => some ((b * a) :: s)
  | _, _ => none

def run (ρ : Env) : List Instr → Stack → Option Stack
  | [], s => some s
  | i :: is, s => (i.exec ρ s).bind (run ρ is)

def Aexp.compile : Aexp → List Instr
  | num n => [.push n]
  | var x => [.load x]
  | add a b => a.compile ++ b.compile ++ [.add]
  | mul a b => a.compile ++ b.compile ++ [.mul]

def Aexp.plus : Aexp → Aexp → Aexp
  | num 0, e => e
  | e, num 0 => e
  | num m, num n => num (m + n)
  | a, b => add a b

def Aexp.fold : Aexp → Aexp
  | num n => num n
  | var x => var x
  | add a b => plus a.fold b.fold
  | mul a b => mul a.fold b.fold

def Aexp.subst (x : String) (e : Aexp) : Aexp → Aexp
  | num n => num n
  | var y => if y = x then e else var y
  | add a b => add (subst x e a) (subst x e b)
  | mul a b => mul (subst x e a) (subst x e b)

theorem run_append (ρ : Env) (is js : List Instr) (s : Stack) :
    run ρ (is ++ js) s = (run ρ is s).bind (run ρ js) := by
  induction is generalizing s with
  | nil => rfl
  | cons i is ih =>
    simp only [List.cons_append, run, Option.bind_assoc]
    congr 1
    funext s'
    exact ih s'

theorem compile_correct (ρ : Env) (e : Aexp) (s : Stack) : run ρ e.compile s = some (e.eval ρ :: s) := by
  induction e generalizing s with
  | num n => rfl
  | var x => rfl
  | add a b iha ihb => simp [Aexp.compile, run_append, iha, ihb, run, Instr.exec, Aexp.eval]
  | mul a b iha ihb => simp [Aexp.compile, run_append, iha, ihb, run, Instr.exec, Aexp.eval]

theorem plus_correct (ρ : Env) (a b : Aexp) : (a.plus b).eval ρ = a.eval ρ + b.eval ρ := by
  fun_cases Aexp.plus a b <;> simp [Aexp.eval]

theorem fold_correct (ρ : Env) (e : Aexp) : e.fold.eval ρ = e.eval ρ := by
  induction e <;> simp_all [Aexp.fold, Aexp.eval, plus_correct]

theorem subst_correct (ρ : Env) (x : String) (e : Aexp) (t : Aexp) :
    (Aexp.subst x e t).eval ρ = t.eval fun y => if y = x then e.eval ρ else ρ y := by
  induction t with
  | num n => rfl
  | var y => simp only [Aexp.subst, Aexp.eval]; split <;> rfl
  | add a b iha ihb => simp [Aexp.subst, Aexp.eval, iha, ihb]
  | mul a b iha ihb => simp [Aexp.subst, Aexp.eval, iha, ihb]

theorem compile_length_pos (e : Aexp) : 0 < e.compile.length := by
  cases e <;> simp [Aexp.compile] <;> omega

theorem run_underflow (ρ : Env) : run ρ [.add] [1] = none := rfl

theorem eval_example : (Aexp.add (.num 2) (.mul (.var "x") (.num 3))).eval (fun _ => 4) = 14 := rfl

theorem compile_example : (Aexp.add (.num 2) (.var "y")).compile = [.push 2, .load "y", .add] := rfl

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
