def rank (b : Bool) : Nat := match b with | true => 1 | false => 2
theorem rank_lt (a b : Bool) (h : a = true) (h' : b = false) : rank a < rank b + 1 := sorry
