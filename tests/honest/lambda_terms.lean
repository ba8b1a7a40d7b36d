-- Kinds: de Bruijn lambda terms, renaming and substitution calculus, reduction as an inductive predicate, intrinsically typed terms over contexts and their denotation.

inductive Lam where
  | var (n : Nat)
  | app (f a : Lam)
  | lam (b : Lam)
  deriving DecidableEq, Repr

namespace Lam

def upr (ξ : Nat → Nat) : Nat → Nat
  | 0 => 0
  | n + 1 => ξ n + 1

def ren (ξ : Nat → Nat) : Lam → Lam
  | var n => var (ξ n)
  | app f a => app (f.ren ξ) (a.ren ξ)
  | lam b => lam (b.ren (upr ξ))

def up (σ : Nat → Lam) : Nat → Lam
  | 0 => var 0
  | n + 1 => (σ n).ren Nat.succ

def sub (σ : Nat → Lam) : Lam → Lam
  | var n => σ n
  | app f a => app (f.sub σ) (a.sub σ)
  | lam b => lam (b.sub (up σ))

def inst (a : Lam) : Nat → Lam
  | 0 => a
  | n + 1 => var n

def size : Lam → Nat
  | var _ => 1
  | app f a => f.size + a.size + 1
  | lam b => b.size + 1

theorem upr_id : upr id = id := by
  funext n; cases n <;> rfl

theorem ren_id (t : Lam) : t.ren id = t := by
  induction t with
  | var n => rfl
  | app f a ihf iha => simp [ren, ihf, iha]
  | lam b ih => simp [ren, upr_id, ih]

theorem upr_comp (ξ ζ : Nat → Nat) : upr ζ ∘ upr ξ = upr (ζ ∘ ξ) := by
  funext n; cases n <;> rfl

theorem ren_ren (t : Lam) (ξ ζ : Nat → Nat) : (t.ren ξ).ren ζ = t.ren (ζ ∘ ξ) := by
  induction t generalizing ξ ζ with
  | var n => rfl
  | app f a ihf iha => simp [ren, ihf, iha]
  | lam b ih => simp [ren, ih, upr_comp]

theorem up_var : up var = var := by
  funext n; cases n <;> rfl

theorem sub_var (t : Lam) : t.sub var = t := by
  induction t with
  | var n => rfl
  | app f a ihf iha => simp [sub, ihf, iha]
  | lam b ih => simp [sub, up_var, ih]

theorem up_upr (σ : Nat → Lam) (ξ : Nat → Nat) : up σ ∘ upr ξ = up (σ ∘ ξ) := by
  funext n; cases n <;> rfl

theorem ren_sub (t : Lam) (ξ : Nat → Nat) (σ : Nat → Lam) : (t.ren ξ).sub σ = t.sub (σ ∘ ξ) := by
  induction t generalizing ξ σ with
  | var n => rfl
  | app f a ihf iha => simp [ren, sub, ihf, iha]
  | lam b ih => simp [ren, sub, ih, up_upr]

theorem upr_up (σ : Nat → Lam) (ξ : Nat → Nat) : (fun n => (up σ n).ren (upr ξ)) = up fun n => (σ n).ren ξ := by
  funext n
  cases n with
  | zero => rfl
  | succ n =>
    simp only [up, ren_ren]
    rfl

theorem sub_ren (t : Lam) (σ : Nat → Lam) (ξ : Nat → Nat) : (t.sub σ).ren ξ = t.sub fun n => (σ n).ren ξ := by
  induction t generalizing σ ξ with
  | var n => rfl
  | app f a ihf iha => simp [ren, sub, ihf, iha]
  | lam b ih => simp [ren, sub, ih, upr_up]

theorem up_sub (σ τ : Nat → Lam) : (fun n => (up σ n).sub (up τ)) = up fun n => (σ n).sub τ := by
  funext n
  cases n with
  | zero => rfl
  | succ n =>
    simp only [up, ren_sub, sub_ren]
    rfl

theorem sub_sub (t : Lam) (σ τ : Nat → Lam) : (t.sub σ).sub τ = t.sub fun n => (σ n).sub τ := by
  induction t generalizing σ τ with
  | var n => rfl
  | app f a ihf iha => simp [sub, ihf, iha]
  | lam b ih => simp [sub, ih, up_sub]

theorem inst_shift (t a : Lam) : (t.ren Nat.succ).sub (inst a) = t := by
  rw [ren_sub]
  exact sub_var t

inductive Red : Lam → Lam → Prop
  | beta (b a : Lam) : Red (app (lam b) a) (b.sub (inst a))
  | appL : Red f f' → Red (app f a) (app f' a)
  | appR : Red a a' → Red (app f a) (app f a')
  | lam : Red b b' → Red (lam b) (lam b')

theorem Red.ren (h : Red s t) (ξ : Nat → Nat) : Red (s.ren ξ) (t.ren ξ) := by
  induction h generalizing ξ with
  | beta b a =>
    have e : (b.sub (inst a)).ren ξ = (b.ren (upr ξ)).sub (inst (a.ren ξ)) := by
      rw [sub_ren, ren_sub]
      congr 1
      funext n
      cases n <;> rfl
    rw [e]
    exact .beta _ _
  | appL _ ih => exact .appL (ih ξ)
  | appR _ ih => exact .appR (ih ξ)
  | lam _ ih => exact .lam (ih _)

theorem identity_red (a : Lam) : Red (app (lam (var 0)) a) a := Red.beta (var 0) a

theorem omega_red : Red (app (lam (app (var 0) (var 0))) (lam (app (var 0) (var 0))))
    (app (lam (app (var 0) (var 0))) (lam (app (var 0) (var 0)))) := .beta _ _

theorem var_normal (n : Nat) (t : Lam) : ¬ Red (var n) t := nofun

theorem size_ren (t : Lam) (ξ : Nat → Nat) : (t.ren ξ).size = t.size := by
  induction t generalizing ξ <;> simp_all [ren, size]

end Lam

inductive Ty where
  | base
  | arr (a b : Ty)

abbrev Cx := List Ty

inductive Ix : Cx → Ty → Type
  | z : Ix (a :: Γ) a
  | s : Ix Γ a → Ix (b :: Γ) a

inductive Tm : Cx → Ty → Type
  | var : Ix Γ a → Tm Γ a
  | lam : Tm (a :: Γ) b → Tm Γ (.arr a b)
  | app : Tm Γ (.arr a b) → Tm Γ a → Tm Γ b

@[reducible] def Ty.den : Ty → Type
  | base => Nat
  | arr a b => a.den → b.den

def Sem (Γ : Cx) : Type := ∀ a, Ix Γ a → a.den

def Sem.push (ρ : Sem Γ) (x : Ty.den a) : Sem (a :: Γ)
  | _, .z => x
  | _, .s i => ρ _ i

def Tm.den : Tm Γ a → Sem Γ → a.den
  | var i, ρ => ρ _ i
  | lam b, ρ => fun x => b.den (ρ.push x)
  | app f a, ρ => f.den ρ (a.den ρ)

theorem den_id (ρ : Sem Γ) (x : Nat) : (Tm.lam (a := .base) (Tm.var .z)).den ρ x = x := rfl

theorem den_beta (b : Tm (a :: Γ) c) (e : Tm Γ a) (ρ : Sem Γ) :
    (Tm.app (.lam b) e).den ρ = b.den (ρ.push (e.den ρ)) := rfl

theorem den_const (ρ : Sem Γ) (x y : Nat) :
    (Tm.lam (a := .base) (.lam (a := .base) (.var (.s .z)))).den ρ x y = x := rfl

theorem no_closed_var (i : Ix [] a) : False := nomatch i
