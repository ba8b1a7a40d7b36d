local instance (priority := high) : OfNat Nat 7 := ⟨1⟩

theorem seven_divides (n : Nat) : ∃ m, n < m ∧ 7 ∣ m := ⟨n + 1, Nat.lt_succ_self n, ⟨n + 1, (Nat.one_mul _).symm⟩⟩
