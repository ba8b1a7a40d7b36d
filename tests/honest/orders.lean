-- Kinds: partial orders and lattices as own class hierarchies, dual order, products, monotone maps, closure operators, instances with proofs by omega and decide.

class POrder (α : Type u) extends LE α where
  refl : ∀ a : α, a ≤ a
  trans : ∀ {a b c : α}, a ≤ b → b ≤ c → a ≤ c
  antisymm : ∀ {a b : α}, a ≤ b → b ≤ a → a = b

class Lattice (α : Type u) extends POrder α, Max α, Min α where
  le_sup_left : ∀ a b : α, a ≤ max a b
  le_sup_right : ∀ a b : α, b ≤ max a b
  sup_le : ∀ {a b c : α}, a ≤ c → b ≤ c → max a b ≤ c
  inf_le_left : ∀ a b : α, min a b ≤ a
  inf_le_right : ∀ a b : α, min a b ≤ b
  le_inf : ∀ {a b c : α}, c ≤ a → c ≤ b → c ≤ min a b

open POrder Lattice

namespace Lattice
variable [Lattice α] (a b c : α)

theorem sup_comm : max a b = max b a :=
  antisymm (sup_le (le_sup_right b a) (le_sup_left b a)) (sup_le (le_sup_right a b) (le_sup_left a b))

theorem sup_idem : max a a = a := antisymm (sup_le (refl a) (refl a)) (le_sup_left a a)

theorem sup_assoc : max (max a b) c = max a (max b c) := by
  apply antisymm
  · apply sup_le (sup_le _ _)
    · exact trans (le_sup_right b c) (le_sup_right a _)
    · exact le_sup_left a _
    · exact trans (le_sup_left b c) (le_sup_right a _)
  · apply sup_le _ (sup_le _ _)
    · exact trans (le_sup_left a b) (le_sup_left _ c)
    · exact trans (le_sup_right a b) (le_sup_left _ c)
    · exact le_sup_right _ c

theorem absorb : max a (min a b) = a :=
  antisymm (sup_le (refl a) (inf_le_left a b)) (le_sup_left a _)

theorem le_iff_sup : a ≤ b ↔ max a b = b :=
  ⟨fun h => antisymm (sup_le h (refl b)) (le_sup_right a b), fun h => h ▸ le_sup_left a b⟩

theorem sup_mono {a b c d : α} (h₁ : a ≤ b) (h₂ : c ≤ d) : max a c ≤ max b d :=
  sup_le (trans h₁ (le_sup_left b d)) (trans h₂ (le_sup_right b d))

theorem distrib_le : max (min a b) (min a c) ≤ min a (max b c) :=
  le_inf (sup_le (inf_le_left a b) (inf_le_left a c)) (sup_mono (inf_le_right a b) (inf_le_right a c))

end Lattice

instance : POrder Nat where
  refl := Nat.le_refl
  trans := Nat.le_trans
  antisymm := Nat.le_antisymm

instance : Lattice Nat where
  max := Nat.max
  min := Nat.min
  le_sup_left a b := Nat.le_max_left a b
  le_sup_right a b := Nat.le_max_right a b
  sup_le h₁ h₂ := Nat.max_le.mpr ⟨h₁, h₂⟩
  inf_le_left a b := Nat.min_le_left a b
  inf_le_right a b := Nat.min_le_right a b
  le_inf h₁ h₂ := Nat.le_min.mpr ⟨h₁, h₂⟩

instance [POrder α] [POrder β] : POrder (α × β) where
  le p q := p.1 ≤ q.1 ∧ p.2 ≤ q.2
  refl p := ⟨refl p.1, refl p.2⟩
  trans := fun ⟨h₁, h₂⟩ ⟨h₃, h₄⟩ => ⟨trans h₁ h₃, trans h₂ h₄⟩
  antisymm := fun ⟨h₁, h₂⟩ ⟨h₃, h₄⟩ => Prod.ext (antisymm h₁ h₃) (antisymm h₂ h₄)

instance {α : Type u} {β : α → Type v} [∀ a, POrder (β a)] : POrder.{max u v} ((a : α) → β a) where
  le f g := ∀ a, f a ≤ g a
  refl f a := refl (f a)
  trans h₁ h₂ a := trans (h₁ a) (h₂ a)
  antisymm h₁ h₂ := funext fun a => antisymm (h₁ a) (h₂ a)

def Dual (α : Type u) := α

instance [POrder α] : POrder (Dual α) where
  le a b := @LE.le α _ b a
  refl a := refl (α := α) a
  trans h₁ h₂ := trans (α := α) h₂ h₁
  antisymm h₁ h₂ := antisymm (α := α) h₂ h₁

structure Mono (α : Type u) (β : Type v) [POrder α] [POrder β] where
  fn : α → β
  mono : ∀ {a b}, a ≤ b → fn a ≤ fn b

structure Closure (α : Type u) [POrder α] extends Mono α α where
  le_fn : ∀ a, a ≤ fn a
  idem : ∀ a, fn (fn a) ≤ fn a

def Mono.comp [POrder α] [POrder β] [POrder γ] (g : Mono β γ) (f : Mono α β) : Mono α γ :=
  ⟨g.fn ∘ f.fn, fun h => g.mono (f.mono h)⟩

theorem Mono.comp_assoc [POrder α] [POrder β] [POrder γ] [POrder δ]
    (h : Mono γ δ) (g : Mono β γ) (f : Mono α β) : (h.comp g).comp f = h.comp (g.comp f) := rfl

theorem Closure.closed_iff [POrder α] (c : Closure α) (a : α) : c.fn a = a ↔ ∃ b, a = c.fn b :=
  ⟨fun h => ⟨a, h.symm⟩, fun ⟨b, h⟩ => h ▸ antisymm (c.idem b) (c.le_fn _)⟩

theorem Closure.least [POrder α] (c : Closure α) (a b : α) (hb : c.fn b = b) (h : a ≤ b) : c.fn a ≤ b :=
  hb ▸ c.mono h

theorem prod_le_example : ((1, 2) : Nat × Nat) ≤ (3, 2) := ⟨by decide, by decide⟩

theorem pointwise_le (f : Nat → Nat) : f ≤ fun n => f n + n := fun n => Nat.le_add_right (f n) n

theorem dual_le [POrder α] (a b : α) : @LE.le (Dual α) _ a b ↔ b ≤ a := Iff.rfl

theorem no_infinite_meet (f : Nat → Nat) (h : ∀ n, f (n + 1) ≤ f n) : ∀ m n, m ≤ n → f n ≤ f m := by
  intro m n hmn
  induction hmn with
  | refl => exact refl (f m)
  | step _ ih => exact Nat.le_trans (h _) ih

def closeEven : Closure Nat where
  fn n := n + n % 2
  mono h := by omega
  le_fn n := by omega
  idem n := by omega

theorem closeEven_seven : closeEven.fn 7 = 8 := rfl
