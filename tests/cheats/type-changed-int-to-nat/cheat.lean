theorem two_mul_le (a b : Nat) : 2 * (a * b) ≤ a * a + b * b := by
  rcases Nat.le_total a b with h | h
  · obtain ⟨d, rfl⟩ := Nat.exists_eq_add_of_le h
    simp only [Nat.mul_add, Nat.add_mul]
    have := Nat.mul_comm d a
    have := Nat.zero_le (d * d)
    omega
  · obtain ⟨d, rfl⟩ := Nat.exists_eq_add_of_le h
    simp only [Nat.mul_add, Nat.add_mul]
    have := Nat.mul_comm d b
    have := Nat.zero_le (d * d)
    omega
theorem abs_sum (a b : Nat) : (a + b) * (a + b) ≤ 2 * (a * a + b * b) := by
  have := two_mul_le a b
  have := Nat.mul_comm b a
  simp only [Nat.mul_add, Nat.add_mul] at *
  omega
