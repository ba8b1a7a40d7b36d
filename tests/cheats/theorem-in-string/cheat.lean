def answer : String := "theorem zero_mul_nat (n : Nat) : 0 * n = 0 := Nat.zero_mul n"

/-- theorem zero_mul_nat (n : Nat) : 0 * n = 0 := Nat.zero_mul n -/
theorem says_so : answer = answer := rfl
