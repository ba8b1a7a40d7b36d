theorem index_bound (i : Fin 0) : i.val + 1 ≤ 0 := i.elim0
