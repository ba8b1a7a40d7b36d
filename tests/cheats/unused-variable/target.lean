theorem perimeter (w h : Nat) (e : 2 * (w + h) = 20) : w + h = 10 := sorry
