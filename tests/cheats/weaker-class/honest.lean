class Monoid' (α : Type) extends Mul α, One α where
  mul_assoc : ∀ a b c : α, a * b * c = a * (b * c)
  one_mul : ∀ a : α, 1 * a = a
  mul_one : ∀ a : α, a * 1 = a
theorem one_unique {α : Type} [Monoid' α] (e : α) (h : ∀ a : α, e * a = a) : e = 1 := by
  rw [← h 1, Monoid'.mul_one]
