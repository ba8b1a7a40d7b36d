-- Kinds: inductive types in Prop with and without large elimination, Acc and WellFounded by hand, Eq.rec and HEq terms, proof irrelevance, empty and unit types.

theorem false_to_type (h : False) : (0 : Nat) = 1 := False.rec (fun _ => (0 : Nat) = 1) h

inductive MyEq {α : Sort u} (a : α) : α → Prop
  | refl : MyEq a a

def MyEq.cast {α β : Type u} (h : MyEq α β) : α → β := MyEq.rec (motive := fun γ _ => α → γ) id h

theorem MyEq.cast_refl {α : Type u} (h : MyEq α α) (a : α) : h.cast a = a := rfl

theorem MyEq.symm {α : Sort u} {a b : α} (h : MyEq a b) : MyEq b a :=
  MyEq.rec (motive := fun c _ => MyEq c a) .refl h

theorem MyEq.iff_eq {α : Sort u} {a b : α} : MyEq a b ↔ a = b :=
  ⟨fun h => by cases h; rfl, fun h => h ▸ .refl⟩

inductive Both (p q : Prop) : Prop
  | intro (left : p) (right : q)

def Both.elim {p q : Prop} {α : Sort u} (h : Both p q) (f : p → q → α) : α :=
  match h with | .intro hp hq => f hp hq

theorem Both.elim_irrelevant {p q : Prop} (h₁ h₂ : Both p q) (f : p → q → Nat) : h₁.elim f = h₂.elim f := rfl

inductive Any (p q : Prop) : Prop
  | left (h : p)
  | right (h : q)

theorem Any.swap {p q : Prop} : Any p q → Any q p
  | .left h => .right h
  | .right h => .left h

inductive Squash' (α : Type u) : Prop
  | mk (a : α)

theorem Squash'.map {α β : Type u} (f : α → β) : Squash' α → Squash' β
  | .mk a => .mk (f a)

theorem Squash'.eq {α : Type u} (x y : Squash' α) : x = y := rfl

inductive Ac {α : Sort u} (r : α → α → Prop) : α → Prop
  | intro (x : α) (h : ∀ y, r y x → Ac r y) : Ac r x

theorem Ac.inv' {α : Sort u} {r : α → α → Prop} {x y : α} (h : Ac r x) (hr : r y x) : Ac r y := by
  cases h with
  | intro _ h => exact h y hr

noncomputable def Ac.fix {α : Sort u} {r : α → α → Prop} {C : α → Sort v}
    (F : ∀ x, (∀ y, r y x → C y) → C x) {x : α} (h : Ac r x) : C x :=
  Ac.rec (motive := fun x _ => C x) (fun x _ ih => F x ih) h

theorem Ac.fix_eq {α : Sort u} {r : α → α → Prop} {C : α → Sort v}
    (F : ∀ x, (∀ y, r y x → C y) → C x) {x : α} (h : ∀ y, r y x → Ac r y) :
    (Ac.intro x h).fix F = F x (fun y hy => (h y hy).fix F) := rfl

theorem ac_lt (n : Nat) : Ac (· < ·) n := by
  induction n with
  | zero => exact .intro 0 fun _ h => absurd h (Nat.not_lt_zero _)
  | succ n ih =>
    refine .intro _ fun y h => ?_
    rcases Nat.lt_or_ge y n with hy | hy
    · exact ih.inv' hy
    · have : y = n := by omega
      exact this ▸ ih

theorem ac_irrefl {α : Type u} {r : α → α → Prop} {x : α} (h : Ac r x) : ¬ r x x := by
  induction h with
  | intro x _ ih => exact fun hr => ih x hr hr

theorem acc_by_hand (n : Nat) : Acc (fun a b : Nat => a < b) n :=
  Nat.rec (Acc.intro 0 fun _ h => absurd h (Nat.not_lt_zero _))
    (fun n ih => Acc.intro (n + 1) fun _ h =>
      (Nat.lt_or_eq_of_le (Nat.le_of_lt_succ h)).elim (fun hlt => ih.inv hlt) (fun he => he ▸ ih)) n

def halves : WellFoundedRelation Nat := invImage (fun n => n) ⟨(· < ·), ⟨acc_by_hand⟩⟩

theorem halves_wf : WellFounded halves.rel := halves.wf

noncomputable def countDown : Nat → Nat :=
  WellFounded.fix (C := fun _ => Nat) ⟨acc_by_hand⟩ fun n f => if h : 0 < n then f (n - 1) (by omega) + 1 else 0

theorem countDown_eq (n : Nat) : countDown n = n := by
  induction n with
  | zero => rw [countDown, WellFounded.fix_eq]; rfl
  | succ n ih =>
    rw [countDown, WellFounded.fix_eq, dif_pos (Nat.succ_pos n)]
    exact congrArg (· + 1) ih

theorem no_descending (f : Nat → Nat) : ¬ ∀ n, f (n + 1) < f n := by
  intro h
  have key : ∀ k, ∀ n, f n = k → False := by
    intro k
    induction k using WellFounded.induction (⟨acc_by_hand⟩ : WellFounded fun a b : Nat => a < b) with
    | _ k ih => exact fun n hn => ih (f (n + 1)) (hn ▸ h n) (n + 1) rfl
  exact key _ 0 rfl

theorem heq_cast {α β : Type u} (h : α = β) (a : α) : HEq (cast h a) a := by
  cases h
  rfl

theorem rec_irrelevant {α : Type u} {a b : α} (P : α → Type v) (h₁ h₂ : a = b) (x : P a) :
    (Eq.rec x h₁ : P b) = Eq.rec x h₂ := rfl

theorem pempty_elim {α : PEmpty → Type u} : ∃ f : (x : PEmpty) → α x, ∀ g, f = g :=
  ⟨fun x => x.elim, fun _ => funext fun x => x.elim⟩

theorem unit_eta (x y : PUnit) : x = y := rfl

theorem true_unique (h : True) : h = .intro := rfl
