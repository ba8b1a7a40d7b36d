def pick (b : Bool) (x y : Nat) : Nat :=
  match b with
  | true => x
  | false => y
theorem pick_true (x y : Nat) (h : x < y) : pick true x y < pick false x y := sorry
