theorem list_length_append (xs ys : List Nat) : (xs ++ ys).length = ys.length + xs.length := sorry
