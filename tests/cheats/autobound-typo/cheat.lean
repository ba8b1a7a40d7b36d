set_option autoImplicit true
def bound : Nat := 10
theorem bound_le : (bnd : Nat) ≤ bnd * bnd := Nat.le_mul_self bnd
