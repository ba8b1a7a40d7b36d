-- Kinds: groups, rings and homomorphisms as own classes and structures, conjugation, subgroups as predicates, instances on Fin and Bool by decide.

class Grp (G : Type u) extends Mul G, One G, Inv G where
  mul_assoc : ∀ a b c : G, a * b * c = a * (b * c)
  one_mul : ∀ a : G, 1 * a = a
  inv_mul : ∀ a : G, a⁻¹ * a = 1

namespace Grp

variable {G : Type u} [Grp G] {H : Type v} [Grp H]

theorem mul_inv (a : G) : a * a⁻¹ = 1 := by
  have h : a⁻¹⁻¹ * a⁻¹ = 1 := inv_mul a⁻¹
  calc
    a * a⁻¹ = 1 * (a * a⁻¹) := (one_mul _).symm
    _ = a⁻¹⁻¹ * a⁻¹ * (a * a⁻¹) := by rw [h]
    _ = a⁻¹⁻¹ * (a⁻¹ * a * a⁻¹) := by rw [mul_assoc, mul_assoc]
    _ = 1 := by rw [inv_mul, one_mul, h]

theorem mul_one (a : G) : a * 1 = a := by
  rw [← inv_mul a, ← mul_assoc, mul_inv, one_mul]

theorem mul_left_cancel {a b c : G} (h : a * b = a * c) : b = c := by
  rw [← one_mul b, ← inv_mul a, mul_assoc, h, ← mul_assoc, inv_mul, one_mul]

theorem mul_right_cancel {a b c : G} (h : b * a = c * a) : b = c := by
  rw [← mul_one b, ← mul_inv a, ← mul_assoc, h, mul_assoc, mul_inv, mul_one]

theorem inv_inv (a : G) : a⁻¹⁻¹ = a := mul_right_cancel (a := a⁻¹) (by rw [inv_mul, mul_inv])

theorem inv_unique {a b : G} (h : a * b = 1) : b = a⁻¹ := mul_left_cancel (a := a) (by rw [h, mul_inv])

theorem mul_inv_rev (a b : G) : (a * b)⁻¹ = b⁻¹ * a⁻¹ := by
  refine (inv_unique ?_).symm
  rw [mul_assoc, ← mul_assoc b, mul_inv, one_mul, mul_inv]

theorem comm_of_square_one (h : ∀ a : G, a * a = 1) (a b : G) : a * b = b * a := by
  have hi : ∀ a : G, a⁻¹ = a := fun a => (inv_unique (h a)).symm
  rw [← hi (a * b), mul_inv_rev, hi, hi]

def conj (g a : G) : G := g * a * g⁻¹

theorem conj_mul (g a b : G) : conj g (a * b) = conj g a * conj g b := by
  simp only [conj, mul_assoc]
  rw [← mul_assoc g⁻¹ g, inv_mul, one_mul]

structure Hom (G : Type u) (H : Type v) [Grp G] [Grp H] where
  toFun : G → H
  map_mul : ∀ a b, toFun (a * b) = toFun a * toFun b

instance : CoeFun (Hom G H) fun _ => G → H := ⟨Hom.toFun⟩

theorem Hom.map_one (f : Hom G H) : f 1 = 1 := by
  apply mul_left_cancel (a := f 1)
  rw [← f.map_mul, one_mul, mul_one]

theorem Hom.map_inv (f : Hom G H) (a : G) : f a⁻¹ = (f a)⁻¹ :=
  inv_unique (by rw [← f.map_mul, mul_inv, f.map_one])

theorem Hom.injective_iff (f : Hom G H) : (∀ a b, f a = f b → a = b) ↔ ∀ a, f a = 1 → a = 1 := by
  constructor
  · intro h a ha
    exact h a 1 (by rw [ha, f.map_one])
  · intro h a b hab
    have := h (a * b⁻¹) (by rw [f.map_mul, f.map_inv, hab, mul_inv])
    exact mul_right_cancel (a := b⁻¹) (by rw [this, mul_inv])

def inner (g : G) : Hom G G := ⟨conj g, conj_mul g⟩

structure IsSub (p : G → Prop) : Prop where
  one : p 1
  mul : p a → p b → p (a * b)
  inv : p a → p a⁻¹

theorem IsSub.kernel (f : Hom G H) : IsSub fun a => f a = 1 where
  one := f.map_one
  mul ha hb := by rw [f.map_mul, ha, hb, one_mul]
  inv ha := by rw [f.map_inv, ha, ← mul_one (1 : H)⁻¹, inv_mul]

theorem IsSub.inter {p q : G → Prop} (hp : IsSub p) (hq : IsSub q) : IsSub fun a => p a ∧ q a where
  one := ⟨hp.one, hq.one⟩
  mul := fun ⟨h₁, h₂⟩ ⟨h₃, h₄⟩ => ⟨hp.mul h₁ h₃, hq.mul h₂ h₄⟩
  inv := fun ⟨h₁, h₂⟩ => ⟨hp.inv h₁, hq.inv h₂⟩

theorem IsSub.normal_kernel (f : Hom G H) (g a : G) (h : f a = 1) : f (inner g a) = 1 := by
  show f (g * a * g⁻¹) = 1
  rw [f.map_mul, f.map_mul, h, mul_one, f.map_inv, mul_inv]

instance : Grp (Fin 5) where
  mul a b := a + b
  one := 0
  inv a := -a
  mul_assoc := by decide
  one_mul := by decide
  inv_mul := by decide

theorem fin_five : (3 : Fin 5)⁻¹ = 2 := by decide

instance unitGrp : Grp Bool where
  mul := xor
  one := false
  inv := id
  mul_assoc := by decide
  one_mul := by decide
  inv_mul := by decide

theorem bool_square (a : Bool) : a * a = (1 : Bool) := by revert a; decide

theorem bool_comm (a b : Bool) : a * b = b * a := comm_of_square_one bool_square a b

end Grp

class Rng (R : Type u) extends Add R, Mul R, Zero R, Neg R where
  add_assoc : ∀ a b c : R, a + b + c = a + (b + c)
  add_comm : ∀ a b : R, a + b = b + a
  zero_add : ∀ a : R, 0 + a = a
  neg_add : ∀ a : R, -a + a = 0
  mul_add : ∀ a b c : R, a * (b + c) = a * b + a * c
  add_mul : ∀ a b c : R, (a + b) * c = a * c + b * c

namespace Rng

variable {R : Type u} [Rng R]

theorem add_left_cancel {a b c : R} (h : a + b = a + c) : b = c := by
  rw [← zero_add b, ← neg_add a, add_assoc, h, ← add_assoc, neg_add, zero_add]

theorem mul_zero (a : R) : a * 0 = 0 := by
  apply add_left_cancel (a := a * 0)
  rw [← mul_add, zero_add, add_comm, zero_add]

theorem neg_mul (a b : R) : -a * b = -(a * b) := by
  have hz : (0 : R) * b = 0 := by
    apply add_left_cancel (a := 0 * b)
    rw [← add_mul, zero_add, add_comm, zero_add]
  apply add_left_cancel (a := a * b)
  rw [← add_mul, add_comm a, neg_add, hz, add_comm, neg_add]

instance : Rng Int where
  add_assoc := Int.add_assoc
  add_comm := Int.add_comm
  zero_add := Int.zero_add
  neg_add := Int.add_left_neg
  mul_add := Int.mul_add
  add_mul := Int.add_mul

end Rng
