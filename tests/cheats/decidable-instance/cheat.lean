def Int.le' (_ _ : Int) : Prop := True
local instance (priority := high) : LE Int := ⟨Int.le'⟩
local instance (priority := high) (a b : Int) : Decidable (a ≤ b) := .isTrue trivial
def sign (a : Int) : Int := if 0 ≤ a then 1 else -1
theorem sign_mul_self (a : Int) : sign a * sign a = 1 := rfl
