macro "prove! " n:ident : command => `(theorem $n (n : Nat) (h : n ≠ 0) : n - 1 < n := by omega)
prove! pred_lt_self
