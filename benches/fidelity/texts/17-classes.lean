class Monoid' (α : Type) where
  op : α → α → α
  e : α
  op_e : ∀ a, op a e = a
  e_op : ∀ a, op e a = a
  assoc : ∀ a b c, op (op a b) c = op a (op b c)

instance : Monoid' Nat where
  op := (· + ·)
  e := 0
  op_e := Nat.add_zero
  e_op := Nat.zero_add
  assoc := Nat.add_assoc

instance : Monoid' Int where
  op := (· + ·)
  e := 0
  op_e := by simp

theorem unit_unique {α : Type} [Monoid' α] (u : α) (h : ∀ a : α, Monoid'.op a u = a) : u = Monoid'.e := by
  have := h Monoid'.e
  rw [Monoid'.e_op] at this
  exact this

theorem comm {α : Type} [Monoid' α] (a b : α) : Monoid'.op a b = Monoid'.op b a := by
  simp [Monoid'.assoc]

theorem none (a : String) : Monoid'.op a Monoid'.e = a := Monoid'.op_e a
structure S extends Nope where
  x : Nat
structure T where
  x : Nat
  x : Nat
def t : T := { x := 1, z := 2 }
