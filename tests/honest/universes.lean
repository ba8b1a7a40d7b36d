-- Kinds: universe polymorphism (explicit, max, imax, ULift, PLift, Sort), universe-level instances, types as values, casts between types.

universe u v w

structure Big.{a, b} (α : Type a) : Type (max a (b + 1)) where
  carrier : Type b
  point : carrier
  item : α

inductive Sm : Type u → Type (u + 1) where
  | wrap (α : Type u) (a : α) : Sm α

def comp {α : Sort u} {β : Sort v} {γ : Sort w} (g : β → γ) (f : α → β) : α → γ := fun x => g (f x)

def Pi' (α : Sort u) (β : α → Sort v) : Sort (imax u v) := (a : α) → β a

def lift (f : α → β) : ULift.{w, u} α → ULift.{w, v} β := fun ⟨a⟩ => ⟨f a⟩

def church : Type (u + 1) := (α : Type u) → (α → α) → α → α

def church.ofNat : Nat → church.{u}
  | 0 => fun _ _ x => x
  | n + 1 => fun α f x => f (church.ofNat n α f x)

def church.toNat (c : church.{0}) : Nat := c Nat Nat.succ 0

def church.add (c d : church.{u}) : church.{u} := fun α f x => c α f (d α f x)

theorem comp_assoc.{a, b, c, d} {α : Sort a} {β : Sort b} {γ : Sort c} {δ : Sort d}
    (h : γ → δ) (g : β → γ) (f : α → β) : comp h (comp g f) = comp (comp h g) f := rfl

theorem pi_prop (α : Type u) (p : α → Prop) (f g : Pi' α p) : f = g := rfl

theorem ulift_down_up (x : ULift.{w, u} α) : ULift.up x.down = x := rfl

theorem ulift_inj (a b : α) (h : ULift.up.{w, u} a = ULift.up b) : a = b := congrArg ULift.down h

theorem lift_comp (f : α → β) (g : β → γ) (x : ULift.{w} α) :
    lift.{w} g (lift.{w} f x) = lift.{w} (g ∘ f) x := rfl

theorem plift_prop (p : Prop) (x y : PLift p) : x = y := by
  cases x; cases y; rfl

theorem church_toNat (n : Nat) : (church.ofNat n).toNat = n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    show Nat.succ ((church.ofNat n).toNat) = n + 1
    rw [ih]

theorem church_add (m n : Nat) : (church.ofNat.{u} m).add (.ofNat n) = .ofNat (m + n) := by
  induction m with
  | zero => rw [Nat.zero_add]; rfl
  | succ m ih =>
    rw [Nat.succ_add]
    funext α f x
    exact congrArg f (congrFun (congrFun (congrFun ih α) f) x)

theorem big_item (α : Type u) (a : α) : (Big.mk.{u, v} PUnit ⟨⟩ a).item = a := rfl

theorem sm_inv {α : Type u} (s : Sm α) : ∃ a, s = .wrap α a := by
  cases s with
  | wrap a => exact ⟨a, rfl⟩

theorem cast_twice {α β γ : Sort u} (h₁ : α = β) (h₂ : β = γ) (a : α) : cast h₂ (cast h₁ a) = cast (h₁.trans h₂) a := by
  subst h₁ h₂
  rfl

theorem type_eq_card (h : (Fin 3) = (Fin 2)) : False := by
  have inj : ∀ α : Type, Fin 3 = α → ∃ a b c : α, a ≠ b ∧ b ≠ c ∧ a ≠ c := by
    intro α e
    subst e
    exact ⟨0, 1, 2, by decide, by decide, by decide⟩
  obtain ⟨a, b, c, h₁, h₂, h₃⟩ := inj _ h
  revert a b c
  decide

theorem bool_ne_unit : Bool ≠ Unit := by
  intro h
  have sub : ∀ α : Type, Unit = α → ∀ a b : α, a = b := by
    intro α e
    subst e
    exact fun _ _ => rfl
  exact absurd (sub Bool h.symm true false) (by decide)

theorem russell_type_free {α : Type u} (f : α → (α → Prop)) : ¬ ∀ s, ∃ a, f a = s := by
  intro h
  obtain ⟨a, ha⟩ := h fun x => ¬ f x x
  have hn : ¬ f a a := fun hf => (congrFun ha a ▸ hf) hf
  exact hn (congrFun ha a ▸ hn)

theorem sort_prod {α : Sort u} {β : Sort v} (a : PProd α β) : ⟨a.1, a.2⟩ = a := rfl

theorem function_eta {α : Sort u} {β : α → Sort v} (f : (a : α) → β a) : (fun a => f a) = f := rfl

theorem psum_cases {α : Sort u} {β : Sort v} (s : PSum α β) : (∃ a, s = .inl a) ∨ ∃ b, s = .inr b :=
  match s with
  | .inl a => .inl ⟨a, rfl⟩
  | .inr b => .inr ⟨b, rfl⟩
