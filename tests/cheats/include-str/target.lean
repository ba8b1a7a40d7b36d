theorem length_cons_pos (x : Nat) (xs : List Nat) : 0 < (x :: xs).length := sorry
