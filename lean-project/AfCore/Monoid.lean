import AfCore.Logic

/-! Semigroups and monoids, written with multiplication and with addition: powers and multiples,
commuting and invertible elements. -/

universe u v

/-- A semigroup: a type with an associative multiplication. -/
class Semigroup (G : Type u) extends Mul G where
  mul_assoc : ∀ a b c : G, a * b * c = a * (b * c)

/-- A type with a multiplication and an identity element `1`. -/
class MulOneClass (M : Type u) extends One M, Mul M where
  one_mul : ∀ a : M, 1 * a = a
  mul_one : ∀ a : M, a * 1 = a

/-- A monoid: an associative multiplication with an identity element; `npow` is the power. -/
class Monoid (M : Type u) extends Semigroup M, MulOneClass M where
  npow : Nat → M → M := npowRec
  npow_zero : ∀ x, npow 0 x = 1 := by intros; rfl
  npow_succ : ∀ (n : Nat) (x), npow (n + 1) x = npow n x * x := by intros; rfl

/-- A commutative semigroup. -/
class CommSemigroup (G : Type u) extends Semigroup G where
  mul_comm : ∀ a b : G, a * b = b * a

/-- A commutative monoid. -/
class CommMonoid (M : Type u) extends Monoid M, CommSemigroup M

/-- The power `a ^ n` in a monoid. -/
instance (priority := low) Monoid.Pow {M : Type u} [Monoid M] : Pow M Nat :=
  ⟨fun x n => Monoid.npow n x⟩

/-- A semigroup written with addition. -/
class AddSemigroup (G : Type u) extends Add G where
  add_assoc : ∀ a b c : G, a + b + c = a + (b + c)

/-- A type with an addition and a zero. -/
class AddZeroClass (M : Type u) extends Zero M, Add M where
  zero_add : ∀ a : M, 0 + a = a
  add_zero : ∀ a : M, a + 0 = a

/-- A monoid written with addition; `nsmul` is the multiple `n • a`. -/
class AddMonoid (M : Type u) extends AddSemigroup M, AddZeroClass M where
  nsmul : Nat → M → M := nsmulRec
  nsmul_zero : ∀ x, nsmul 0 x = 0 := by intros; rfl
  nsmul_succ : ∀ (n : Nat) (x), nsmul (n + 1) x = nsmul n x + x := by intros; rfl

/-- A commutative monoid written with addition. -/
class AddCommMonoid (M : Type u) extends AddMonoid M where
  add_comm : ∀ a b : M, a + b = b + a

/-- The multiple `n • a` in an additive monoid. -/
instance (priority := low) AddMonoid.toNatSMul {M : Type u} [AddMonoid M] : SMul Nat M :=
  ⟨AddMonoid.nsmul⟩

section Mul

variable {M : Type u}

theorem mul_assoc [Semigroup M] (a b c : M) : a * b * c = a * (b * c) := Semigroup.mul_assoc a b c

theorem mul_comm [CommSemigroup M] (a b : M) : a * b = b * a := CommSemigroup.mul_comm a b

theorem mul_left_comm [CommSemigroup M] (a b c : M) : a * (b * c) = b * (a * c) := by
  rw [← mul_assoc, mul_comm a b, mul_assoc]

@[simp] theorem one_mul [MulOneClass M] (a : M) : 1 * a = a := MulOneClass.one_mul a

@[simp] theorem mul_one [MulOneClass M] (a : M) : a * 1 = a := MulOneClass.mul_one a

variable [Monoid M]

@[simp] theorem pow_zero (a : M) : a ^ 0 = 1 := Monoid.npow_zero a

theorem pow_succ (a : M) (n : Nat) : a ^ (n + 1) = a ^ n * a := Monoid.npow_succ n a

@[simp] theorem pow_one (a : M) : a ^ 1 = a := by rw [pow_succ, pow_zero, one_mul]

theorem pow_two (a : M) : a ^ 2 = a * a := by rw [pow_succ, pow_one]

@[simp] theorem one_pow (n : Nat) : (1 : M) ^ n = 1 := by
  induction n with
  | zero => exact pow_zero 1
  | succ n ih => rw [pow_succ, ih, mul_one]

theorem pow_add (a : M) (m n : Nat) : a ^ (m + n) = a ^ m * a ^ n := by
  induction n with
  | zero => rw [Nat.add_zero, pow_zero, mul_one]
  | succ n ih => rw [← Nat.add_assoc, pow_succ, ih, pow_succ, mul_assoc]

theorem pow_succ' (a : M) (n : Nat) : a ^ (n + 1) = a * a ^ n := by
  rw [Nat.add_comm, pow_add, pow_one]

theorem pow_mul (a : M) (m n : Nat) : a ^ (m * n) = (a ^ m) ^ n := by
  induction n with
  | zero => rw [Nat.mul_zero, pow_zero, pow_zero]
  | succ n ih => rw [Nat.mul_succ, pow_add, ih, pow_succ]

/-- A left inverse and a right inverse of the same element are equal. -/
theorem left_inv_eq_right_inv {a b c : M} (hba : b * a = 1) (hac : a * c = 1) : b = c := by
  rw [← one_mul c, ← hba, mul_assoc, hac, mul_one]

end Mul

section Add

variable {M : Type u}

theorem add_assoc [AddSemigroup M] (a b c : M) : a + b + c = a + (b + c) :=
  AddSemigroup.add_assoc a b c

theorem add_comm [AddCommMonoid M] (a b : M) : a + b = b + a := AddCommMonoid.add_comm a b

theorem add_left_comm [AddCommMonoid M] (a b c : M) : a + (b + c) = b + (a + c) := by
  rw [← add_assoc, add_comm a b, add_assoc]

@[simp] theorem zero_add [AddZeroClass M] (a : M) : 0 + a = a := AddZeroClass.zero_add a

@[simp] theorem add_zero [AddZeroClass M] (a : M) : a + 0 = a := AddZeroClass.add_zero a

@[simp] theorem zero_nsmul [AddMonoid M] (a : M) : 0 • a = 0 := AddMonoid.nsmul_zero a

theorem succ_nsmul [AddMonoid M] (a : M) (n : Nat) : (n + 1) • a = n • a + a :=
  AddMonoid.nsmul_succ n a

/-- A left negative and a right negative of the same element are equal. -/
theorem left_neg_eq_right_neg [AddMonoid M] {a b c : M} (hba : b + a = 0) (hac : a + c = 0) :
    b = c := by
  rw [← zero_add c, ← hba, add_assoc, hac, add_zero]

end Add

/-- Two elements commute if `a * b = b * a`. -/
def Commute {M : Type u} [Mul M] (a b : M) : Prop := a * b = b * a

/-- `a` is idempotent if `a * a = a`. -/
def IsIdempotentElem {M : Type u} [Mul M] (a : M) : Prop := a * a = a

/-- `a` is a unit (invertible) if some `b` has `a * b = 1` and `b * a = 1`. -/
def IsUnit {M : Type u} [Monoid M] (a : M) : Prop := ∃ b, a * b = 1 ∧ b * a = 1

theorem isUnit_iff_exists {M : Type u} [Monoid M] {a : M} :
    IsUnit a ↔ ∃ b, a * b = 1 ∧ b * a = 1 := Iff.rfl

theorem isUnit_one {M : Type u} [Monoid M] : IsUnit (1 : M) := ⟨1, mul_one 1, mul_one 1⟩

/-- A product of units is a unit. -/
theorem IsUnit.mul {M : Type u} [Monoid M] {a b : M} : IsUnit a → IsUnit b → IsUnit (a * b)
  | ⟨a', h₁, h₂⟩, ⟨b', h₃, h₄⟩ =>
    ⟨b' * a', by rw [mul_assoc, ← mul_assoc b, h₃, one_mul, h₁],
      by rw [mul_assoc, ← mul_assoc a', h₂, one_mul, h₄]⟩

namespace Commute

variable {M : Type u} {a b c : M}

theorem eq [Mul M] (h : Commute a b) : a * b = b * a := h

theorem symm [Mul M] (h : Commute a b) : Commute b a := Eq.symm h

theorem mul_right [Semigroup M] (hab : Commute a b) (hac : Commute a c) : Commute a (b * c) := by
  show a * (b * c) = b * c * a
  rw [← mul_assoc, hab.eq, mul_assoc, hac.eq, mul_assoc]

theorem mul_left [Semigroup M] (hac : Commute a c) (hbc : Commute b c) : Commute (a * b) c :=
  (hac.symm.mul_right hbc.symm).symm

theorem pow_right [Monoid M] (h : Commute a b) (n : Nat) : Commute a (b ^ n) := by
  induction n with
  | zero => show a * b ^ 0 = b ^ 0 * a; rw [pow_zero, mul_one, one_mul]
  | succ n ih => rw [pow_succ]; exact ih.mul_right h

end Commute

/-- Two elements that commute can be multiplied before or after taking powers. -/
theorem Commute.mul_pow {M : Type u} [Monoid M] {a b : M} (h : Commute a b) (n : Nat) :
    (a * b) ^ n = a ^ n * b ^ n := by
  induction n with
  | zero => rw [pow_zero, pow_zero, pow_zero, mul_one]
  | succ n ih =>
    rw [pow_succ, ih, pow_succ a, pow_succ b, mul_assoc, mul_assoc, ← mul_assoc (b ^ n),
      ← (h.pow_right n).eq, mul_assoc]

/-- In a commutative monoid powers of a product are products of powers. -/
theorem mul_pow {M : Type u} [CommMonoid M] (a b : M) (n : Nat) : (a * b) ^ n = a ^ n * b ^ n :=
  Commute.mul_pow (mul_comm a b) n

/-- A monoid homomorphism: it respects the identity and products. -/
structure MonoidHom (M : Type u) (N : Type v) [MulOneClass M] [MulOneClass N] where
  /-- The function itself. -/
  toFun : M → N
  map_one' : toFun 1 = 1
  map_mul' : ∀ x y, toFun (x * y) = toFun x * toFun y

@[inherit_doc] infixr:25 " →* " => MonoidHom

namespace MonoidHom

variable {M : Type u} {N : Type v}

instance [MulOneClass M] [MulOneClass N] : CoeFun (M →* N) fun _ => M → N := ⟨toFun⟩

@[simp] theorem map_one [MulOneClass M] [MulOneClass N] (f : M →* N) : f 1 = 1 := f.map_one'

@[simp] theorem map_mul [MulOneClass M] [MulOneClass N] (f : M →* N) (x y : M) :
    f (x * y) = f x * f y := f.map_mul' x y

theorem map_pow [Monoid M] [Monoid N] (f : M →* N) (x : M) (n : Nat) : f (x ^ n) = f x ^ n := by
  induction n with
  | zero => rw [pow_zero, pow_zero, map_one]
  | succ n ih => rw [pow_succ, map_mul, ih, pow_succ]

end MonoidHom
