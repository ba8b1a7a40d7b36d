theorem dvd_sub_of_dvd (a b d : Nat) (ha : d ∣ a) (hb : d ∣ b) : d ∣ a - b := by
  obtain ⟨x, rfl⟩ := ha
  obtain ⟨y, rfl⟩ := hb
  exact ⟨x - y, by rw [Nat.mul_sub]⟩
