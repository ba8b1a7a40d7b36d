theorem add_right_cancel_nat (a b c : Nat) (h : a + c = b + c) : a = b := sorry
