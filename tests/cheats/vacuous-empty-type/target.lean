theorem index_bound (n : Nat) (i : Fin n) : i.val + 1 ≤ n := sorry
