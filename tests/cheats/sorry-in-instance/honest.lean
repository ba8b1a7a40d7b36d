class Magma (α : Type) where
  op : α → α → α

class Commutes (α : Type) [Magma α] : Prop where
  comm : ∀ a b : α, Magma.op a b = Magma.op b a

instance : Magma Nat := ⟨fun a b => a * b + a + b⟩

instance : Commutes Nat := ⟨fun a b => by simp only [Magma.op, Nat.mul_comm]; omega⟩

theorem circle_comm (a b : Nat) : Magma.op a b = Magma.op b a := Commutes.comm a b
