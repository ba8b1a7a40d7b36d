theorem coprime_one (n : Nat) : Nat.Coprime n 1 := sorry
