def pick.match_1.{u} (motive : Bool → Sort u) (b : Bool) (h1 : Unit → motive true) (h2 : Unit → motive false) : motive b :=
  b.casesOn (h2 ()) (h1 ())
def pick (b : Bool) (x y : Nat) : Nat := pick.match_1 (fun _ => Nat) b (fun _ => 0) (fun _ => 1)
theorem pick_true (x y : Nat) (h : x < y) : pick true x y < pick false x y := Nat.one_pos
