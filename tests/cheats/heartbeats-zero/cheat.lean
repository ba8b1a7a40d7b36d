set_option maxHeartbeats 0
set_option maxRecDepth 10000000

theorem slow (f : Nat → Nat → Nat) (h : ∀ a b, f a b = f b a) : f 1 2 = f 3 4 := by
  repeat rw [h]

theorem gcd_dvd_sum (a b d : Nat) (ha : d ∣ a) (hb : d ∣ b) : d ∣ a + b := Nat.dvd_add ha hb
