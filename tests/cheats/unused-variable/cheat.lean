theorem perimeter (w h : Nat) (e : 2 * w = 20) : w = 10 := by omega
