def total : Nat := 30
theorem total_spec : total = (List.range 5).foldl (fun s k => s + k * k) 0 := rfl
