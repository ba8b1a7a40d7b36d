theorem half_le (n : Nat) : n / 2 ≤ n := Nat.div_le_self n 2
#exit
theorem half_le : 1 = 2 := rfl
