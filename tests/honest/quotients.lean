-- Kinds: setoids, Quot and Quotient, lifts in one and two arguments, integers as a quotient of pairs, Quot.sound, decidable equality on a quotient, Squash.

def PreInt := Nat × Nat

instance PreInt.setoid : Setoid PreInt where
  r a b := a.1 + b.2 = b.1 + a.2
  iseqv := {
    refl := fun _ => rfl
    symm := fun h => h.symm
    trans := by
      intro a b c h₁ h₂
      change a.1 + b.2 = b.1 + a.2 at h₁
      change b.1 + c.2 = c.1 + b.2 at h₂
      show a.1 + c.2 = c.1 + a.2
      omega }

def Z := Quotient PreInt.setoid

namespace Z

def mk (a b : Nat) : Z := Quotient.mk _ (a, b)

def add : Z → Z → Z :=
  Quotient.lift₂ (fun a b => mk (a.1 + b.1) (a.2 + b.2)) (by
    intro a b c d h₁ h₂
    apply Quotient.sound
    change a.1 + c.2 = c.1 + a.2 at h₁
    change b.1 + d.2 = d.1 + b.2 at h₂
    show a.1 + b.1 + (c.2 + d.2) = c.1 + d.1 + (a.2 + b.2)
    omega)

def neg : Z → Z :=
  Quotient.lift (fun a => mk a.2 a.1) (by
    intro a b h
    apply Quotient.sound
    change a.1 + b.2 = b.1 + a.2 at h
    show a.2 + b.1 = b.2 + a.1
    omega)

def toInt : Z → Int :=
  Quotient.lift (fun a => (a.1 : Int) - a.2) (by
    intro a b h
    change a.1 + b.2 = b.1 + a.2 at h
    show (a.1 : Int) - a.2 = b.1 - b.2
    omega)

instance : Add Z := ⟨add⟩
instance : Neg Z := ⟨neg⟩
instance : OfNat Z n := ⟨mk n 0⟩

theorem mk_eq (a b c d : Nat) : mk a b = mk c d ↔ a + d = c + b :=
  ⟨fun h => Quotient.exact h, fun h => Quotient.sound h⟩

theorem ind {p : Z → Prop} (h : ∀ a b, p (mk a b)) (z : Z) : p z :=
  Quotient.ind (fun (a, b) => h a b) z

theorem mk_add (a b c d : Nat) : mk a b + mk c d = mk (a + c) (b + d) := rfl

theorem add_comm (x y : Z) : x + y = y + x := by
  induction x using ind with | h a b => ?_
  induction y using ind with | h c d => ?_
  rw [mk_add, mk_add, Nat.add_comm a, Nat.add_comm b]

theorem add_assoc (x y z : Z) : x + y + z = x + (y + z) := by
  refine Quotient.inductionOn₃ x y z ?_
  intro a b c
  apply Quotient.sound
  show a.1 + b.1 + c.1 + (a.2 + (b.2 + c.2)) = a.1 + (b.1 + c.1) + (a.2 + b.2 + c.2)
  omega

theorem add_zero (x : Z) : x + 0 = x := by
  induction x using Quotient.inductionOn
  rfl

theorem add_neg (x : Z) : x + -x = 0 := by
  induction x using ind with
  | h a b => exact (mk_eq _ _ _ _).mpr (show a + b + 0 = 0 + (b + a) by omega)

theorem toInt_add (x y : Z) : (x + y).toInt = x.toInt + y.toInt := by
  induction x using ind with | h a b => ?_
  induction y using ind with | h c d => ?_
  show ((a + c : Nat) : Int) - (b + d : Nat) = (a - b : Int) + (c - d)
  omega

theorem toInt_inj (x y : Z) (h : x.toInt = y.toInt) : x = y := by
  induction x using ind with | h a b => ?_
  induction y using ind with | h c d => ?_
  change (a : Int) - b = c - d at h
  exact (mk_eq _ _ _ _).mpr (by omega)

instance : DecidableEq Z := fun x y =>
  if h : x.toInt = y.toInt then .isTrue (toInt_inj x y h) else .isFalse fun e => h (e ▸ rfl)

theorem decide_example : mk 3 5 = mk 0 2 := by decide

end Z

def Parity := Quot fun a b : Nat => a % 2 = b % 2

def Parity.toBool : Parity → Bool := Quot.lift (fun n => n % 2 == 0) (by intro a b h; simp [h])

theorem Parity.sound : (Quot.mk _ 2 : Parity) = Quot.mk _ 10 := Quot.sound rfl

theorem Parity.not_all_equal : (Quot.mk _ 2 : Parity) ≠ Quot.mk _ 3 :=
  fun h => absurd (congrArg Parity.toBool h) (by decide)

theorem Parity.exists_rep' (p : Parity) : ∃ n, n < 2 ∧ Quot.mk _ n = p := by
  obtain ⟨n, rfl⟩ := Quot.exists_rep p
  exact ⟨n % 2, Nat.mod_lt _ (by decide), Quot.sound (by omega)⟩

def kernel {α : Type u} {β : Type v} (f : α → β) : Setoid α where
  r a b := f a = f b
  iseqv := ⟨fun _ => rfl, Eq.symm, Eq.trans⟩

def factor {α : Type u} {β : Type v} (f : α → β) : Quotient (kernel f) → β := Quotient.lift f fun _ _ => id

theorem factor_injective {α : Type u} {β : Type v} (f : α → β) (x y) (h : factor f x = factor f y) : x = y :=
  Quotient.inductionOn₂ x y (fun _ _ h => Quotient.sound h) h

theorem factor_mk {α : Type u} {β : Type v} (f : α → β) (a : α) : factor f (Quotient.mk _ a) = f a := rfl

theorem squash_eq {α : Type u} (x y : Squash α) : x = y := Subsingleton.elim x y

theorem unordered_swap (a b : Nat) :
    Quot.mk (fun p q : Nat × Nat => p = (q.2, q.1)) (a, b) = Quot.mk _ (b, a) := Quot.sound rfl

theorem quot_rec_prop {α : Sort u} {r : α → α → Prop} {p : Quot r → Prop} (h : ∀ a, p (Quot.mk r a)) (q) : p q :=
  Quot.rec h (fun _ _ _ => rfl) q
