theorem coprime_one (n : Nat) : Nat.Coprime n 1 := Nat.coprime_one_right n
