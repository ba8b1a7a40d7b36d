theorem coprime_succ (d n : Nat) (h1 : d ∣ n) (h2 : d ∣ n + 1) : d = 1 :=
  Nat.dvd_one.1 ((Nat.dvd_add_right h1).1 h2)
