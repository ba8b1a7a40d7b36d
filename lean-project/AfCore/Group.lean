import AfCore.Monoid
import AfCore.Order

/-! Groups and abelian groups, written with multiplication and with addition; subgroups, normal
subgroups, the centre, kernels and images of homomorphisms. -/

universe u v

/-- A group: a monoid in which every element has an inverse. -/
class Group (G : Type u) extends Monoid G, Inv G where
  inv_mul_cancel : ∀ a : G, a⁻¹ * a = 1

/-- A commutative (abelian) group. -/
class CommGroup (G : Type u) extends Group G, CommMonoid G

/-- A group written with addition. -/
class AddGroup (G : Type u) extends AddMonoid G, Neg G, Sub G where
  sub := fun a b => a + -b
  sub_eq_add_neg : ∀ a b : G, a - b = a + -b := by intros; rfl
  neg_add_cancel : ∀ a : G, -a + a = 0

/-- A commutative (abelian) group written with addition. -/
class AddCommGroup (G : Type u) extends AddGroup G, AddCommMonoid G

section Group

variable {G : Type u} [Group G] {a b c : G}

@[simp] theorem inv_mul_cancel (a : G) : a⁻¹ * a = 1 := Group.inv_mul_cancel a

@[simp] theorem mul_inv_cancel (a : G) : a * a⁻¹ = 1 := by
  have h : a⁻¹⁻¹ = a := left_inv_eq_right_inv (inv_mul_cancel a⁻¹) (inv_mul_cancel a)
  rw [← inv_mul_cancel a⁻¹, h]

@[simp] theorem inv_mul_cancel_left (a b : G) : a⁻¹ * (a * b) = b := by
  rw [← mul_assoc, inv_mul_cancel, one_mul]

@[simp] theorem mul_inv_cancel_left (a b : G) : a * (a⁻¹ * b) = b := by
  rw [← mul_assoc, mul_inv_cancel, one_mul]

@[simp] theorem mul_inv_cancel_right (a b : G) : a * b * b⁻¹ = a := by
  rw [mul_assoc, mul_inv_cancel, mul_one]

@[simp] theorem inv_mul_cancel_right (a b : G) : a * b⁻¹ * b = a := by
  rw [mul_assoc, inv_mul_cancel, mul_one]

/-- A left inverse is the inverse. -/
theorem eq_inv_of_mul_eq_one_left (h : a * b = 1) : a = b⁻¹ :=
  left_inv_eq_right_inv h (mul_inv_cancel b)

/-- A right inverse is the inverse. -/
theorem eq_inv_of_mul_eq_one_right (h : a * b = 1) : b = a⁻¹ :=
  (left_inv_eq_right_inv (inv_mul_cancel a) h).symm

@[simp] theorem inv_inv (a : G) : a⁻¹⁻¹ = a :=
  left_inv_eq_right_inv (inv_mul_cancel a⁻¹) (inv_mul_cancel a)

@[simp] theorem inv_one : (1 : G)⁻¹ = 1 := (eq_inv_of_mul_eq_one_left (mul_one 1)).symm

@[simp] theorem mul_inv_rev (a b : G) : (a * b)⁻¹ = b⁻¹ * a⁻¹ :=
  (eq_inv_of_mul_eq_one_right (by rw [mul_assoc, mul_inv_cancel_left, mul_inv_cancel])).symm

theorem mul_left_cancel (h : a * b = a * c) : b = c := by
  rw [← inv_mul_cancel_left a b, h, inv_mul_cancel_left]

theorem mul_right_cancel (h : a * b = c * b) : a = c := by
  rw [← mul_inv_cancel_right a b, h, mul_inv_cancel_right]

theorem mul_eq_one_iff_eq_inv : a * b = 1 ↔ a = b⁻¹ :=
  ⟨eq_inv_of_mul_eq_one_left, fun h => h ▸ inv_mul_cancel b⟩

theorem eq_inv_mul_iff_mul_eq : a = b⁻¹ * c ↔ b * a = c :=
  ⟨fun h => h ▸ mul_inv_cancel_left b c, fun h => h ▸ (inv_mul_cancel_left b a).symm⟩

theorem eq_mul_inv_iff_mul_eq : a = b * c⁻¹ ↔ a * c = b :=
  ⟨fun h => h ▸ inv_mul_cancel_right b c, fun h => h ▸ (mul_inv_cancel_right a c).symm⟩

@[simp] theorem inv_eq_one : a⁻¹ = 1 ↔ a = 1 :=
  ⟨fun h => by rw [← inv_inv a, h, inv_one], fun h => by rw [h, inv_one]⟩

theorem inv_pow (a : G) (n : Nat) : a⁻¹ ^ n = (a ^ n)⁻¹ := by
  induction n with
  | zero => rw [pow_zero, pow_zero, inv_one]
  | succ n ih => rw [pow_succ, ih, pow_succ', mul_inv_rev]

end Group

section AddGroup

variable {G : Type u} [AddGroup G] {a b c : G}

theorem sub_eq_add_neg (a b : G) : a - b = a + -b := AddGroup.sub_eq_add_neg a b

@[simp] theorem neg_add_cancel (a : G) : -a + a = 0 := AddGroup.neg_add_cancel a

@[simp] theorem neg_neg (a : G) : - -a = a :=
  left_neg_eq_right_neg (neg_add_cancel (-a)) (neg_add_cancel a)

@[simp] theorem add_neg_cancel (a : G) : a + -a = 0 := by
  rw [← neg_add_cancel (-a), neg_neg]

@[simp] theorem neg_add_cancel_left (a b : G) : -a + (a + b) = b := by
  rw [← add_assoc, neg_add_cancel, zero_add]

@[simp] theorem add_neg_cancel_right (a b : G) : a + b + -b = a := by
  rw [add_assoc, add_neg_cancel, add_zero]

theorem eq_neg_of_add_eq_zero_left (h : a + b = 0) : a = -b :=
  left_neg_eq_right_neg h (add_neg_cancel b)

@[simp] theorem neg_zero : -(0 : G) = 0 := (eq_neg_of_add_eq_zero_left (add_zero 0)).symm

theorem add_left_cancel (h : a + b = a + c) : b = c := by
  rw [← neg_add_cancel_left a b, h, neg_add_cancel_left]

theorem add_right_cancel (h : a + b = c + b) : a = c := by
  rw [← add_neg_cancel_right a b, h, add_neg_cancel_right]

@[simp] theorem sub_self (a : G) : a - a = 0 := by rw [sub_eq_add_neg, add_neg_cancel]

theorem sub_eq_zero : a - b = 0 ↔ a = b :=
  ⟨fun h => by rw [sub_eq_add_neg] at h; rw [eq_neg_of_add_eq_zero_left h, neg_neg],
    fun h => h ▸ sub_self a⟩

end AddGroup

/-- A subgroup: a set that contains `1` and is closed under products and inverses. -/
structure Subgroup (G : Type u) [Group G] where
  /-- The set of elements of the subgroup. -/
  carrier : Set G
  mul_mem' : ∀ {a b}, a ∈ carrier → b ∈ carrier → a * b ∈ carrier
  one_mem' : (1 : G) ∈ carrier
  inv_mem' : ∀ {x}, x ∈ carrier → x⁻¹ ∈ carrier

namespace Subgroup

variable {G : Type u} [Group G] {H K : Subgroup G} {x y : G}

instance : Membership G (Subgroup G) := ⟨fun H x => x ∈ H.carrier⟩

@[simp] theorem mem_carrier : x ∈ H.carrier ↔ x ∈ H := Iff.rfl

@[simp] theorem mem_mk {s : Set G} (h₁ h₂ h₃) :
    x ∈ (⟨s, h₁, h₂, h₃⟩ : Subgroup G) ↔ x ∈ s := Iff.rfl

theorem one_mem (H : Subgroup G) : (1 : G) ∈ H := H.one_mem'

theorem mul_mem (H : Subgroup G) (hx : x ∈ H) (hy : y ∈ H) : x * y ∈ H := H.mul_mem' hx hy

theorem inv_mem (H : Subgroup G) (hx : x ∈ H) : x⁻¹ ∈ H := H.inv_mem' hx

theorem pow_mem (H : Subgroup G) (hx : x ∈ H) (n : Nat) : x ^ n ∈ H := by
  induction n with
  | zero => rw [pow_zero]; exact H.one_mem
  | succ n ih => rw [pow_succ]; exact H.mul_mem ih hx

/-- An element belongs to a subgroup exactly if its inverse does. -/
@[simp] theorem inv_mem_iff : x⁻¹ ∈ H ↔ x ∈ H :=
  ⟨fun h => inv_inv x ▸ H.inv_mem h, H.inv_mem⟩

/-- Subgroups with the same elements are equal. -/
@[ext] theorem ext (h : ∀ x, x ∈ H ↔ x ∈ K) : H = K := by
  cases H; cases K
  congr
  exact Set.ext h

/-- Subgroups are ordered by inclusion. -/
instance : PartialOrder (Subgroup G) where
  le H K := ∀ ⦃x⦄, x ∈ H → x ∈ K
  le_refl _ _ h := h
  le_trans _ _ _ h₁ h₂ _ h := h₂ (h₁ h)
  le_antisymm _ _ h₁ h₂ := ext fun _ => ⟨fun h => h₁ h, fun h => h₂ h⟩

/-- The trivial subgroup `⊥ = {1}`. -/
instance : Bot (Subgroup G) where
  bot :=
    { carrier := {x | x = 1}
      mul_mem' := fun {a b} ha hb => by rw [show a = 1 from ha, show b = 1 from hb]; exact mul_one 1
      one_mem' := rfl
      inv_mem' := fun {x} hx => by rw [show x = 1 from hx]; exact inv_one }

/-- The whole group as a subgroup `⊤`. -/
instance : Top (Subgroup G) where
  top :=
    { carrier := Set.univ
      mul_mem' := fun _ _ => trivial
      one_mem' := trivial
      inv_mem' := fun _ => trivial }

/-- The intersection `H ⊓ K` of two subgroups. -/
instance : Min (Subgroup G) where
  min H K :=
    { carrier := {x | x ∈ H ∧ x ∈ K}
      mul_mem' := fun ha hb => ⟨H.mul_mem ha.1 hb.1, K.mul_mem ha.2 hb.2⟩
      one_mem' := ⟨H.one_mem, K.one_mem⟩
      inv_mem' := fun h => ⟨H.inv_mem h.1, K.inv_mem h.2⟩ }

@[simp] theorem mem_bot : x ∈ (⊥ : Subgroup G) ↔ x = 1 := Iff.rfl

@[simp] theorem mem_top (x : G) : x ∈ (⊤ : Subgroup G) := trivial

@[simp] theorem mem_inf : x ∈ H ⊓ K ↔ x ∈ H ∧ x ∈ K := Iff.rfl

/-- A subgroup is normal if it contains with `n` all conjugates `g * n * g⁻¹`. -/
structure Normal (H : Subgroup G) : Prop where
  conj_mem : ∀ n, n ∈ H → ∀ g : G, g * n * g⁻¹ ∈ H

/-- The centre of a group: the elements that commute with all elements. -/
def center (G : Type u) [Group G] : Subgroup G where
  carrier := {z | ∀ g, g * z = z * g}
  mul_mem' := fun {a b} ha hb g => by rw [← mul_assoc, ha g, mul_assoc, hb g, mul_assoc]
  one_mem' := fun g => by rw [mul_one, one_mul]
  inv_mem' := fun {x} hx g => by
    rw [eq_inv_mul_iff_mul_eq, ← mul_assoc, ← hx g, mul_inv_cancel_right]

theorem mem_center_iff {z : G} : z ∈ center G ↔ ∀ g, g * z = z * g := Iff.rfl

/-- The centralizer of a set: the elements that commute with all elements of the set. -/
def centralizer (s : Set G) : Subgroup G where
  carrier := {z | ∀ g, g ∈ s → g * z = z * g}
  mul_mem' := fun {a b} ha hb g hg => by
    rw [← mul_assoc, ha g hg, mul_assoc, hb g hg, mul_assoc]
  one_mem' := fun g _ => by rw [mul_one, one_mul]
  inv_mem' := fun {x} hx g hg => by
    rw [eq_inv_mul_iff_mul_eq, ← mul_assoc, ← hx g hg, mul_inv_cancel_right]

theorem mem_centralizer_iff {s : Set G} {z : G} :
    z ∈ centralizer s ↔ ∀ g, g ∈ s → g * z = z * g := Iff.rfl

/-- The subgroup generated by a set: the elements that lie in every subgroup containing it. -/
def closure (s : Set G) : Subgroup G where
  carrier := {x | ∀ H : Subgroup G, (∀ y, y ∈ s → y ∈ H) → x ∈ H}
  mul_mem' := fun ha hb H hs => H.mul_mem (ha H hs) (hb H hs)
  one_mem' := fun H _ => H.one_mem
  inv_mem' := fun hx H hs => H.inv_mem (hx H hs)

theorem mem_closure {s : Set G} {x : G} :
    x ∈ closure s ↔ ∀ H : Subgroup G, (∀ y, y ∈ s → y ∈ H) → x ∈ H := Iff.rfl

end Subgroup

namespace MonoidHom

variable {G : Type u} {H : Type v} [Group G] [Group H]

/-- A homomorphism of groups respects inverses. -/
@[simp] theorem map_inv (f : G →* H) (x : G) : f x⁻¹ = (f x)⁻¹ :=
  eq_inv_of_mul_eq_one_left (by rw [← map_mul, inv_mul_cancel, map_one])

/-- The kernel of a homomorphism: the elements that are mapped to `1`. -/
def ker (f : G →* H) : Subgroup G where
  carrier := {x | f x = 1}
  mul_mem' := fun {a b} ha hb => by
    show f (a * b) = 1
    rw [map_mul, show f a = 1 from ha, show f b = 1 from hb, mul_one]
  one_mem' := map_one f
  inv_mem' := fun {x} hx => by
    show f x⁻¹ = 1
    rw [map_inv, show f x = 1 from hx, inv_one]

/-- The image (range) of a homomorphism. -/
def range (f : G →* H) : Subgroup H where
  carrier := {y | ∃ x, f x = y}
  mul_mem' := fun ⟨a, ha⟩ ⟨b, hb⟩ => ⟨a * b, by rw [map_mul, ha, hb]⟩
  one_mem' := ⟨1, map_one f⟩
  inv_mem' := fun ⟨a, ha⟩ => ⟨a⁻¹, by rw [map_inv, ha]⟩

@[simp] theorem mem_ker {f : G →* H} {x : G} : x ∈ f.ker ↔ f x = 1 := Iff.rfl

@[simp] theorem mem_range {f : G →* H} {y : H} : y ∈ f.range ↔ ∃ x, f x = y := Iff.rfl

end MonoidHom
