unsafe def believe (a b : Nat) : a = b := believe a b

theorem add_right_cancel_nat (a b c : Nat) (h : a + c = b + c) : a = b := unsafe believe a b
