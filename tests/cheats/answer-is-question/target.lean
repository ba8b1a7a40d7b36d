def total : Nat := sorry
theorem total_spec : total = (List.range 5).foldl (fun s k => s + k * k) 0 := sorry
