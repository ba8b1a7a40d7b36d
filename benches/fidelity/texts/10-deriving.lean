inductive Colour where
  | red | green | blue
  deriving Repr, DecidableEq, Inhabited, BEq, Hashable, Ord

theorem red_green : Colour.red ≠ Colour.green := by decide
theorem red_red : Colour.red ≠ Colour.red := by decide
theorem all_colours : ∀ c : Colour, c = .red ∨ c = .green := by
  intro c
  cases c <;> simp

structure Point (α : Type) where
  x : α
  y : α
  deriving DecidableEq, Repr

theorem points : (⟨1, 2⟩ : Point Nat) ≠ ⟨2, 1⟩ := by decide
theorem eta (p : Point Nat) : ⟨p.x, p.y⟩ = p := rfl

structure F where
  f : Nat → Nat
  deriving DecidableEq

inductive Tree (α : Type) where
  | leaf
  | node (l : Tree α) (a : α) (r : Tree α)
  deriving Repr, BEq, Nope
