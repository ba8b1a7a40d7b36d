theorem cast_nonneg_sum (n : Nat) (a : Int) (h : 0 ≤ a) : (n : Int) ≤ a + n := sorry
