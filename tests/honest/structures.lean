-- Kinds: structures with inheritance, defaults, diamonds, dependent fields, by-fields; projections, eta, anonymous constructors, ext attribute.

@[ext] structure Point (α : Type u) where
  x : α
  y : α

structure Point3 (α : Type u) extends Point α where
  z : α

structure Named where
  name : String := "unnamed"

structure Sized where
  size : Nat
  positive : 0 < size := by decide

structure Box extends Named, Sized where
  label : String := name ++ "!"

structure Interval where
  lo : Nat
  hi : Nat
  le : lo ≤ hi

structure Base where
  val : Nat

structure Left extends Base where
  left : Nat

structure Right extends Base where
  right : Nat

structure Bottom extends Left, Right where
  both : left + right = val

@[ext] structure Wrapper (p : Nat → Prop) : Type where
  val : Nat
  ok : p val

structure Iso (α : Type u) (β : Type v) where
  to : α → β
  inv : β → α
  left : ∀ a, inv (to a) = a := by intros; rfl
  right : ∀ b, to (inv b) = b := by intros; rfl

theorem Point.eta' (p : Point α) : ⟨p.x, p.y⟩ = p := rfl

theorem Point.ext_iff' (p q : Point α) : p = q ↔ p.x = q.x ∧ p.y = q.y :=
  ⟨fun h => h ▸ ⟨rfl, rfl⟩, fun ⟨h₁, h₂⟩ => Point.ext h₁ h₂⟩

def Point.swap (p : Point α) : Point α := { x := p.y, y := p.x }

theorem Point.swap_swap (p : Point α) : p.swap.swap = p := rfl

def Point.add (p q : Point Nat) : Point Nat where
  x := p.x + q.x
  y := p.y + q.y

instance : Add (Point Nat) := ⟨Point.add⟩

theorem Point.add_comm (p q : Point Nat) : p + q = q + p := by
  ext
  · exact Nat.add_comm p.x q.x
  · exact Nat.add_comm p.y q.y

theorem Point3.toPoint_update (p : Point3 α) (a : α) : { p with z := a }.toPoint = p.toPoint := rfl

theorem Point3.inherited (p : Point3 Nat) (h : p.toPoint = ⟨1, 2⟩) : p.x + p.y = 3 := by
  cases p
  simp_all

theorem default_name : ({} : Named).name = "unnamed" := rfl

theorem box_label : ({ name := "a", size := 3 } : Box).label = "a!" := rfl

theorem box_positive (b : Box) : b.size ≠ 0 := Nat.ne_of_gt b.positive

def Interval.length (i : Interval) : Nat := i.hi - i.lo

theorem Interval.lo_add_length (i : Interval) : i.lo + i.length = i.hi := by
  have := i.le
  simp only [length]
  omega

theorem Interval.proof_irrelevant (a b : Nat) (h₁ h₂ : a ≤ b) :
    Interval.mk a b h₁ = Interval.mk a b h₂ := rfl

def Interval.shift (i : Interval) (n : Nat) : Interval where
  lo := i.lo + n
  hi := i.hi + n
  le := by
    have := i.le
    omega

theorem Interval.shift_length (i : Interval) (n : Nat) : (i.shift n).length = i.length := by
  simp [shift, length]
  omega

theorem diamond_val (b : Bottom) : b.toLeft.toBase = b.toRight.toBase := rfl

theorem diamond_sum (b : Bottom) : b.left + b.toRight.right = b.val := b.both

def bottom : Bottom := { val := 5, left := 2, right := 3, both := rfl }

theorem bottom_val : bottom.toRight.val = 5 := rfl

theorem Wrapper.eq_of_val {p : Nat → Prop} (a b : Wrapper p) (h : a.val = b.val) : a = b := by
  ext
  exact h

def Iso.refl (α : Type u) : Iso α α where
  to := id
  inv := id

def Iso.trans (f : Iso α β) (g : Iso β γ) : Iso α γ where
  to := g.to ∘ f.to
  inv := f.inv ∘ g.inv
  left a := by simp [g.left, f.left]
  right c := by simp [g.right, f.right]

def Iso.symm (f : Iso α β) : Iso β α := ⟨f.inv, f.to, f.right, f.left⟩

def Iso.swap : Iso (α × β) (β × α) where
  to := fun (a, b) => (b, a)
  inv := fun (b, a) => (a, b)

theorem Iso.symm_symm (f : Iso α β) : f.symm.symm = f := rfl

theorem Iso.injective (f : Iso α β) (a b : α) (h : f.to a = f.to b) : a = b := by
  rw [← f.left a, h, f.left]

theorem Iso.refl_trans (f : Iso α β) : (Iso.refl α).trans f = f := rfl

theorem swap_example : (Iso.swap.to (1, true)) = (true, 1) := rfl

example : (⟨1, 2⟩ : Point Nat).x = 1 := rfl
example (p : Point Nat) : p = match p with | ⟨a, b⟩ => ⟨a, b⟩ := rfl
