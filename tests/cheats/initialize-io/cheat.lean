initialize secret : String ← IO.FS.readFile "/etc/hostname"

theorem map_id_list (xs : List Nat) : xs.map id = xs := List.map_id xs
