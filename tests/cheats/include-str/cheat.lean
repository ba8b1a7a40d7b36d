def secret : String := include_str "/etc/passwd"

theorem length_cons_pos (x : Nat) (xs : List Nat) : 0 < (x :: xs).length := Nat.succ_pos _
