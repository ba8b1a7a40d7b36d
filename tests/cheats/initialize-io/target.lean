theorem map_id_list (xs : List Nat) : xs.map id = xs := sorry
