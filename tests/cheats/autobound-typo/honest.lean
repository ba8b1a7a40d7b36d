def bound : Nat := 10
theorem bound_le : bound ≤ bound * bound := by decide
