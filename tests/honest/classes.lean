-- Kinds: own type classes with default fields and inheritance, instances as terms and with by, outParam, priorities, Prop-valued classes, class resolution in proofs.

class Semi (α : Type u) extends Mul α where
  mul_assoc : ∀ a b c : α, a * b * c = a * (b * c)

class Mon (α : Type u) extends Semi α, One α where
  one_mul : ∀ a : α, 1 * a = a
  mul_one : ∀ a : α, a * 1 = a
  npow : Nat → α → α := fun n a => n.rec 1 (fun _ r => r * a)
  npow_zero : ∀ a : α, npow 0 a = 1 := by intros; rfl
  npow_succ : ∀ n (a : α), npow (n + 1) a = npow n a * a := by intros; rfl

class CommMon (α : Type u) extends Mon α where
  mul_comm : ∀ a b : α, a * b = b * a

class Shape (α : Type) where
  area : α → Nat
  scaled : α → Nat → Nat := fun a k => area a * k
  name : String := "shape"

class Coerce (α : Type) (β : outParam Type) where
  conv : α → β

instance : Coerce Bool Nat := ⟨fun b => if b then 1 else 0⟩

instance natMul : CommMon Nat where
  mul_assoc := Nat.mul_assoc
  one_mul := Nat.one_mul
  mul_one := Nat.mul_one
  mul_comm := Nat.mul_comm

instance prodMon [Mon α] [Mon β] : Mon (α × β) where
  mul p q := (p.1 * q.1, p.2 * q.2)
  one := (1, 1)
  mul_assoc a b c := by
    apply Prod.ext
    · exact Semi.mul_assoc a.1 b.1 c.1
    · exact Semi.mul_assoc a.2 b.2 c.2
  one_mul a := by
    show (1 * a.1, 1 * a.2) = a
    rw [Mon.one_mul, Mon.one_mul]
  mul_one a := by
    show (a.1 * 1, a.2 * 1) = a
    rw [Mon.mul_one, Mon.mul_one]

structure Square where
  side : Nat

instance : Shape Square where
  area s := s.side * s.side

instance (priority := low) lowInhabited : Inhabited Square := ⟨⟨0⟩⟩

instance : LE Square := ⟨fun a b => a.side ≤ b.side⟩

instance (a b : Square) : Decidable (a ≤ b) := inferInstanceAs (Decidable (a.side ≤ b.side))

theorem mon_one_unique [Mon α] (e : α) (h : ∀ a : α, e * a = a) : e = 1 := by
  rw [← Mon.mul_one e, h]

theorem npow_add [Mon α] (a : α) (m n : Nat) : Mon.npow (m + n) a = Mon.npow m a * Mon.npow n a := by
  induction n with
  | zero => rw [Nat.add_zero, Mon.npow_zero, Mon.mul_one]
  | succ n ih => rw [← Nat.add_assoc, Mon.npow_succ, ih, Semi.mul_assoc, ← Mon.npow_succ]

theorem npow_nat (n k : Nat) : Mon.npow k n = n ^ k := by
  induction k with
  | zero => rfl
  | succ k ih => rw [Mon.npow_succ, ih, Nat.pow_succ]

theorem mul_left_comm' [CommMon α] (a b c : α) : a * (b * c) = b * (a * c) := by
  rw [← Semi.mul_assoc, CommMon.mul_comm a b, Semi.mul_assoc]

instance [CommMon α] : Std.Associative (fun a b : α => a * b) := ⟨Semi.mul_assoc⟩
instance [CommMon α] : Std.Commutative (fun a b : α => a * b) := ⟨CommMon.mul_comm⟩

theorem four_comm [CommMon α] (a b c d : α) : a * b * (c * d) = d * c * (b * a) := by
  rw [CommMon.mul_comm a b, CommMon.mul_comm c d, CommMon.mul_comm]

theorem prod_mul [Mon α] [Mon β] (p q : α × β) : (p * q).1 = p.1 * q.1 := rfl

theorem prod_npow [Mon α] [Mon β] (p : α × β) (n : Nat) : (Mon.npow n p).2 = Mon.npow n p.2 := by
  induction n with
  | zero => rw [Mon.npow_zero, Mon.npow_zero]; rfl
  | succ n ih => rw [Mon.npow_succ, Mon.npow_succ, ← ih]; rfl

theorem square_area : Shape.area (Square.mk 4) = 16 := rfl

theorem square_scaled (s : Square) (k : Nat) : Shape.scaled s k = s.side * s.side * k := rfl

theorem square_name : Shape.name Square = "shape" := rfl

theorem square_le_decide : Square.mk 2 ≤ Square.mk 3 := by decide

theorem square_default : (default : Square).side = 0 := rfl

theorem coerce_true : Coerce.conv true = 1 := rfl

class IsPos (n : Nat) : Prop where
  pos : 0 < n

instance isPosSucc : IsPos (n + 1) := ⟨Nat.succ_pos n⟩
instance isPosMul [IsPos m] [IsPos n] : IsPos (m * n) := ⟨Nat.mul_pos IsPos.pos IsPos.pos⟩

theorem resolved_pos (n : Nat) : 0 < (n + 1) * (2 + 1) * (n + 3 + 1) := IsPos.pos

theorem local_instance : ∃ i : Add Bool, i.add true true = false :=
  let i : Add Bool := ⟨xor⟩
  ⟨i, rfl⟩

theorem subsingleton_dec (p : Prop) (a b : Decidable p) : a = b := Subsingleton.elim a b

theorem nonempty_of_inhabited [h : Inhabited α] : Nonempty α := ⟨h.default⟩
