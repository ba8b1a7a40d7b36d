theorem double_ne_one (n : Fin 2) : 2 * n ≠ 1 := by
  revert n
  decide
