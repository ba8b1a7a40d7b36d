-- Kinds: expression compiler to a stack machine, constant folding, substitution, function-valued environments.

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
