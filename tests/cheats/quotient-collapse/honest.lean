def modFive : Setoid Nat where
  r a b := a % 5 = b % 5
  iseqv := ⟨fun _ => rfl, fun h => h.symm, fun h h' => h.trans h'⟩
def Z5 := Quotient modFive
def Z5.mk (n : Nat) : Z5 := Quotient.mk modFive n
theorem z5_mul (a b : Nat) : Z5.mk (a * b + 5 * a) = Z5.mk (a * b) :=
  Quotient.sound (show (a * b + 5 * a) % 5 = a * b % 5 by omega)
