def digitSum (n : Nat) : Nat := n % 10 + n / 10 % 10

theorem digitSum_small (n : Nat) (h : n < 10) : digitSum n = n := by
  simp only [digitSum]
  omega
