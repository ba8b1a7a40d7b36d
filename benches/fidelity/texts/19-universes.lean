universe u v
theorem a (α : Type u) (β : Type v) : α = β := rfl
def b (α : Type u) : Type v := α
theorem c (α : Sort u) (x : α) : x = x := rfl
inductive D (α : Type u) : Type where
  | mk (a : α) : D α
structure E' (α : Type u) : Type (u + 1) where
  x : α
theorem e : Type = Type 1 := rfl
theorem f.{w} (α : Type w) : Nonempty (α → α) := ⟨id⟩
theorem g (α : Type q) : α = α := rfl
def h : Type := List Type
theorem i : (fun (α : Type) => α) Nat := 3
