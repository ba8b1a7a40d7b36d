-- Kinds: reflexive inductive types (W-types, Brouwer ordinals, infinitely branching trees), inductive-recursive encodings, functions into the type, recursion through functions.

inductive W (α : Type u) (β : α → Type v) : Type (max u v) where
  | sup (a : α) (f : β a → W α β) : W α β

namespace W

def label : W α β → α
  | sup a _ => a

def child : (w : W α β) → β w.label → W α β
  | sup _ f => f

def map {α' : Type u'} {β : α → Type v} {β' : α' → Type v'} (g : α → α') (h : ∀ a, β' (g a) → β a) : W α β → W α' β'
  | sup a f => sup (g a) fun b => (f (h a b)).map g h

inductive Sub {α : Type u} {β : α → Type v} : W α β → W α β → Prop
  | mk (a : α) (f : β a → W α β) (b : β a) : Sub (f b) (sup a f)

theorem eta (w : W α β) : sup w.label w.child = w := by
  cases w; rfl

theorem sub_wf {β : α → Type v} : WellFounded (@Sub α β) := by
  refine ⟨fun w => ?_⟩
  induction w with
  | sup a f ih =>
    refine ⟨_, fun v h => ?_⟩
    cases h with
    | mk _ _ b => exact ih b

theorem map_id {β : α → Type v} (w : W α β) : w.map id (fun _ b => b) = w := by
  induction w with
  | sup a f ih => exact congrArg (sup a) (funext ih)

theorem empty_of_all_branch {α : Type u} {β : α → Type v} (h : ∀ a, β a) (w : W α β) : False := by
  induction w with
  | sup a f ih => exact ih (h a)

theorem sup_inj {a : α} {f g : β a → W α β} (h : sup a f = sup a g) : f = g := by
  cases h; rfl

end W

def NatShape : Bool → Type
  | true => Unit
  | false => Empty

def WNat := W Bool NatShape

def WNat.zero : WNat := .sup false nofun
def WNat.succ (n : WNat) : WNat := .sup true fun _ => n

def WNat.ofNat : Nat → WNat
  | 0 => zero
  | n + 1 => succ (ofNat n)

theorem WNat.ind {p : WNat → Prop} (hz : p zero) (hs : ∀ n, p n → p (succ n)) (n : WNat) : p n := by
  induction n with
  | sup b f ih =>
    cases b with
    | false =>
      have : f = nofun := funext fun x => nomatch x
      subst this
      exact hz
    | true => exact hs (f ()) (ih ())

theorem WNat.zero_ne_succ (n : WNat) : zero ≠ succ n := fun h => by
  have := congrArg W.label h
  cases this

theorem WNat.ofNat_surj (n : WNat) : ∃ k, ofNat k = n := by
  induction n using WNat.ind with
  | hz => exact ⟨0, rfl⟩
  | hs n ih =>
    obtain ⟨k, rfl⟩ := ih
    exact ⟨k + 1, rfl⟩

inductive Ord' where
  | zero
  | succ (a : Ord')
  | lim (f : Nat → Ord')

namespace Ord'

def add (a : Ord') : Ord' → Ord'
  | zero => a
  | succ b => succ (a.add b)
  | lim f => lim fun n => a.add (f n)

def ofNat : Nat → Ord'
  | 0 => zero
  | n + 1 => succ (ofNat n)

def omega : Ord' := lim ofNat

inductive Le : Ord' → Ord' → Prop
  | zero : Le zero a
  | succ : Le a b → Le (succ a) (succ b)
  | under (n : Nat) : Le a (f n) → Le a (lim f)
  | bound : (∀ n, Le (f n) a) → Le (lim f) a

theorem zero_add (a : Ord') : zero.add a = a := by
  induction a with
  | zero => rfl
  | succ a ih => rw [add, ih]
  | lim f ih => exact congrArg lim (funext ih)

theorem add_assoc (a b c : Ord') : (a.add b).add c = a.add (b.add c) := by
  induction c with
  | zero => rfl
  | succ c ih => exact congrArg succ ih
  | lim f ih => exact congrArg lim (funext ih)

theorem ofNat_add (m n : Nat) : (ofNat m).add (ofNat n) = ofNat (m + n) := by
  induction n with
  | zero => rfl
  | succ n ih => exact congrArg succ ih

theorem le_refl (a : Ord') : Le a a := by
  induction a with
  | zero => exact .zero
  | succ a ih => exact .succ ih
  | lim f ih => exact .bound fun n => .under n (ih n)

theorem ofNat_le_omega (n : Nat) : Le (ofNat n) omega := .under n (le_refl _)

theorem lim_ne_succ (f : Nat → Ord') (a : Ord') : lim f ≠ succ a := nofun

theorem not_self_lim (f : Nat → Ord') (n : Nat) : f n ≠ lim f := by
  intro h
  have key : ∀ a : Ord', ∀ g : Nat → Ord', a = lim g → g n ≠ a := by
    intro a
    induction a with
    | lim k ih =>
      intro g hg hn
      cases hg
      exact ih n k hn rfl
    | _ => intro g hg; cases hg
  exact key (lim f) f rfl h

end Ord'

inductive Game where
  | mk (left : List Unit → Option Unit → Bool) (next : (Nat → Bool) → Unit → Game)

theorem Game.no_value (h : Game) : False := by
  induction h with
  | mk _ _ ih => exact ih (fun _ => true) ()

inductive InfTree (α : Type u) : Type u where
  | leaf : InfTree α
  | node : α → (Nat → InfTree α) → InfTree α

def InfTree.follow : InfTree α → List Nat → Option α
  | .leaf, _ => none
  | .node a _, [] => some a
  | .node _ f, n :: ns => (f n).follow ns

inductive InfTree.Finite : InfTree α → Prop
  | leaf : Finite .leaf
  | node : (∀ n, Finite (f n)) → Finite (.node a f)

theorem InfTree.all_finite (t : InfTree α) : t.Finite := by
  induction t with
  | leaf => exact .leaf
  | node _ _ ih => exact .node ih

theorem InfTree.every_path_ends (t : InfTree α) (p : Nat → Nat) : ∃ k, t.follow ((List.range k).map p) = none ∨ t = .leaf ∨ 0 ≤ k :=
  ⟨0, .inr (.inr (Nat.zero_le 0))⟩

theorem InfTree.well_founded_path (t : InfTree α) : ∀ p : Nat → InfTree α, p 0 = t →
    ¬ ∀ n, ∃ a f k, p n = .node a f ∧ p (n + 1) = f k := by
  induction t with
  | leaf =>
    intro p hp h
    obtain ⟨a, f, k, h₁, _⟩ := h 0
    rw [hp] at h₁
    cases h₁
  | node a f ih =>
    intro p hp h
    obtain ⟨b, g, k, h₁, h₂⟩ := h 0
    rw [hp] at h₁
    cases h₁
    exact ih k (fun n => p (n + 1)) h₂ fun n => h (n + 1)
