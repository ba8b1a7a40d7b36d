theorem seven_divides (n : Nat) : ∃ m, n < m ∧ 7 ∣ m := ⟨7 * (n + 1), by omega, Nat.dvd_mul_right 7 _⟩
