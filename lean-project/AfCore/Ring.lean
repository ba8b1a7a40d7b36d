import AfCore.Group

/-! Semirings and rings with their consequences, homomorphisms, ideals, zero divisors and nilpotent
elements. Every ring is one in the sense of core's `Lean.Grind.Ring`, so that `grind` proves
identities. -/

universe u v

/-- Multiplication distributes over addition. -/
class Distrib (R : Type u) extends Mul R, Add R where
  left_distrib : ∀ a b c : R, a * (b + c) = a * b + a * c
  right_distrib : ∀ a b c : R, (a + b) * c = a * c + b * c

/-- A semiring: a commutative addition and a multiplication with identity that distributes. -/
class Semiring (R : Type u) extends AddCommMonoid R, Monoid R, Distrib R where
  zero_mul : ∀ a : R, 0 * a = 0
  mul_zero : ∀ a : R, a * 0 = 0
  natCast : Nat → R := fun n => nsmulRec n 1
  natCast_zero : natCast 0 = 0 := by intros; rfl
  natCast_succ : ∀ n, natCast (n + 1) = natCast n + 1 := by intros; rfl

/-- A semiring with commutative multiplication. -/
class CommSemiring (R : Type u) extends Semiring R, CommMonoid R

/-- A ring (with identity element). -/
class Ring (R : Type u) extends Semiring R, AddCommGroup R

/-- A commutative ring (with identity element). -/
class CommRing (R : Type u) extends Ring R, CommMonoid R

instance (priority := low) CommRing.toCommSemiring {R : Type u} [CommRing R] : CommSemiring R where
  mul_comm := CommSemigroup.mul_comm

section Semiring

variable {R : Type u} [Semiring R]

/-- A natural number as an element of a semiring: `1 + 1 + ... + 1`. -/
instance (priority := low) Semiring.toNatCast : NatCast R := ⟨Semiring.natCast⟩

/-- Numerals `2`, `3`, ... in a semiring. -/
instance (priority := low) Semiring.toOfNat (n : Nat) : OfNat R (n + 2) :=
  ⟨Semiring.natCast (n + 2)⟩

theorem mul_add (a b c : R) : a * (b + c) = a * b + a * c := Distrib.left_distrib a b c

theorem add_mul (a b c : R) : (a + b) * c = a * c + b * c := Distrib.right_distrib a b c

@[simp] theorem zero_mul (a : R) : 0 * a = 0 := Semiring.zero_mul a

@[simp] theorem mul_zero (a : R) : a * 0 = 0 := Semiring.mul_zero a

theorem Nat.cast_zero : ((0 : Nat) : R) = 0 := Semiring.natCast_zero

theorem Nat.cast_succ (n : Nat) : ((n + 1 : Nat) : R) = n + 1 := Semiring.natCast_succ n

theorem Nat.cast_one : ((1 : Nat) : R) = 1 := by rw [Nat.cast_succ, Nat.cast_zero, zero_add]

theorem nsmul_eq_mul (n : Nat) (a : R) : n • a = n * a := by
  induction n with
  | zero => rw [zero_nsmul, Nat.cast_zero, zero_mul]
  | succ n ih => rw [succ_nsmul, ih, Nat.cast_succ, add_mul, one_mul]

/-- A semiring is one in the sense of `grind`. -/
instance Semiring.toGrindSemiring : Lean.Grind.Semiring R where
  ofNat
    | 0 => inferInstance
    | 1 => inferInstance
    | _ + 2 => inferInstance
  add_zero := add_zero
  add_comm := add_comm
  add_assoc := add_assoc
  mul_assoc := mul_assoc
  mul_one := mul_one
  one_mul := one_mul
  left_distrib := mul_add
  right_distrib := add_mul
  zero_mul := zero_mul
  mul_zero := mul_zero
  pow_zero := pow_zero
  pow_succ := pow_succ
  ofNat_succ
    | 0 => (zero_add 1).symm
    | 1 => by show ((0 + 1 + 1 : Nat) : R) = 1 + 1; rw [Nat.cast_succ, Nat.cast_one]
    | n + 2 => Nat.cast_succ (n + 2)
  ofNat_eq_natCast
    | 0 => Nat.cast_zero.symm
    | 1 => Nat.cast_one.symm
    | _ + 2 => rfl
  nsmul_eq_natCast_mul := nsmul_eq_mul

end Semiring

/-- A commutative semiring is one in the sense of `grind`. -/
instance CommSemiring.toGrindCommSemiring {R : Type u} [CommSemiring R] :
    Lean.Grind.CommSemiring R where
  mul_comm := mul_comm

section Ring

variable {R : Type u} [Ring R]

/-- An integer as an element of a ring. -/
instance (priority := low) Ring.toIntCast : IntCast R where
  intCast
    | .ofNat n => n
    | .negSucc n => -((n + 1 : Nat) : R)

theorem neg_mul (a b : R) : -a * b = -(a * b) :=
  eq_neg_of_add_eq_zero_left (by rw [← add_mul, neg_add_cancel, zero_mul])

theorem mul_neg (a b : R) : a * -b = -(a * b) :=
  eq_neg_of_add_eq_zero_left (by rw [← mul_add, neg_add_cancel, mul_zero])

theorem neg_mul_neg (a b : R) : -a * -b = a * b := by rw [neg_mul, mul_neg, neg_neg]

theorem mul_sub (a b c : R) : a * (b - c) = a * b - a * c := by
  rw [sub_eq_add_neg, mul_add, mul_neg, ← sub_eq_add_neg]

theorem sub_mul (a b c : R) : (a - b) * c = a * c - b * c := by
  rw [sub_eq_add_neg, add_mul, neg_mul, ← sub_eq_add_neg]

theorem Int.cast_neg (i : Int) : ((-i : Int) : R) = -(i : R) :=
  match i with
  | .ofNat 0 => by show ((0 : Nat) : R) = -((0 : Nat) : R); rw [Nat.cast_zero, neg_zero]
  | .ofNat (_ + 1) => rfl
  | .negSucc n => (neg_neg ((n + 1 : Nat) : R)).symm

/-- A ring is one in the sense of `grind`. -/
instance Ring.toGrindRing : Lean.Grind.Ring R where
  zsmul := ⟨fun i a => i * a⟩
  neg_add_cancel := neg_add_cancel
  sub_eq_add_neg := sub_eq_add_neg
  neg_zsmul i a := by
    show ((-i : Int) : R) * a = -((i : R) * a)
    rw [Int.cast_neg, neg_mul]
  zsmul_natCast_eq_nsmul n a := (nsmul_eq_mul n a).symm
  intCast_ofNat n := (Lean.Grind.Semiring.ofNat_eq_natCast n).symm
  intCast_neg := Int.cast_neg

end Ring

/-- A commutative ring is one in the sense of `grind`. -/
instance CommRing.toGrindCommRing {R : Type u} [CommRing R] : Lean.Grind.CommRing R where
  mul_comm := mul_comm

/-- The integers are a commutative ring. -/
instance Int.instCommRing : CommRing Int where
  add_assoc := Int.add_assoc
  add_comm := Int.add_comm
  zero_add := Int.zero_add
  add_zero := Int.add_zero
  nsmul n a := n * a
  nsmul_zero := Int.zero_mul
  nsmul_succ n a := by rw [Int.natCast_succ, Int.add_mul, Int.one_mul]
  neg_add_cancel := Int.add_left_neg
  sub_eq_add_neg _ _ := Int.sub_eq_add_neg
  mul_assoc := Int.mul_assoc
  mul_comm := Int.mul_comm
  one_mul := Int.one_mul
  mul_one := Int.mul_one
  npow n a := a ^ n
  npow_zero := Int.pow_zero
  npow_succ n a := Int.pow_succ a n
  left_distrib := Int.mul_add
  right_distrib := Int.add_mul
  zero_mul := Int.zero_mul
  mul_zero := Int.mul_zero
  natCast n := n
  natCast_succ _ := rfl

/-- A product of two elements is zero only if one of them is. -/
class NoZeroDivisors (R : Type u) [Mul R] [Zero R] : Prop where
  eq_zero_or_eq_zero_of_mul_eq_zero : ∀ {a b : R}, a * b = 0 → a = 0 ∨ b = 0

/-- In a ring without zero divisors a product is zero exactly if a factor is. -/
theorem mul_eq_zero {R : Type u} [Semiring R] [NoZeroDivisors R] {a b : R} :
    a * b = 0 ↔ a = 0 ∨ b = 0 :=
  ⟨NoZeroDivisors.eq_zero_or_eq_zero_of_mul_eq_zero,
    fun h => h.elim (fun h => by rw [h, zero_mul]) fun h => by rw [h, mul_zero]⟩

/-- `x` is nilpotent if some power of it is zero. -/
def IsNilpotent {R : Type u} [Semiring R] (x : R) : Prop := ∃ n : Nat, x ^ n = 0

/-- A homomorphism of semirings: it respects `1`, products, `0` and sums. -/
structure RingHom (R : Type u) (S : Type v) [Semiring R] [Semiring S] extends MonoidHom R S where
  map_zero' : toFun 0 = 0
  map_add' : ∀ x y, toFun (x + y) = toFun x + toFun y

@[inherit_doc] infixr:25 " →+* " => RingHom

/-- An ideal of a commutative ring: a set that contains `0` and is closed under sums and under
multiplication by arbitrary elements. -/
structure Ideal (R : Type u) [CommRing R] where
  /-- The set of elements of the ideal. -/
  carrier : Set R
  add_mem' : ∀ {a b}, a ∈ carrier → b ∈ carrier → a + b ∈ carrier
  zero_mem' : (0 : R) ∈ carrier
  smul_mem' : ∀ (c : R) {x}, x ∈ carrier → c * x ∈ carrier

namespace RingHom

variable {R : Type u} {S : Type v}

instance [Semiring R] [Semiring S] : CoeFun (R →+* S) fun _ => R → S := ⟨fun f => f.toFun⟩

variable [Semiring R] [Semiring S] (f : R →+* S) (x y : R)

@[simp] theorem map_one : f 1 = 1 := f.map_one'

@[simp] theorem map_mul : f (x * y) = f x * f y := f.map_mul' x y

@[simp] theorem map_zero : f 0 = 0 := f.map_zero'

@[simp] theorem map_add : f (x + y) = f x + f y := f.map_add' x y

theorem map_neg {R : Type u} {S : Type v} [Ring R] [Ring S] (f : R →+* S) (x : R) :
    f (-x) = -f x :=
  eq_neg_of_add_eq_zero_left (by rw [← map_add, neg_add_cancel, map_zero])

end RingHom

namespace Ideal

variable {R : Type u} [CommRing R] {x y : R}

instance : Membership R (Ideal R) := ⟨fun I x => x ∈ I.carrier⟩

theorem zero_mem (I : Ideal R) : (0 : R) ∈ I := I.zero_mem'

theorem add_mem (I : Ideal R) (hx : x ∈ I) (hy : y ∈ I) : x + y ∈ I := I.add_mem' hx hy

theorem mul_mem_left (I : Ideal R) (a : R) (hx : x ∈ I) : a * x ∈ I := I.smul_mem' a hx

theorem neg_mem (I : Ideal R) (hx : x ∈ I) : -x ∈ I := by
  have h := I.mul_mem_left (-1) hx
  rwa [neg_mul, one_mul] at h

end Ideal
