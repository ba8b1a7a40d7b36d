theorem a : "abc".isEmpty = false := by rfl
theorem b : "abc".isEmpty = false := rfl
theorem c : "abc".isEmpty = false := by simp [String.isEmpty]
theorem d : "abc".isEmpty = false := by unfold String.isEmpty; decide
theorem e : "abc".isEmpty = false := by delta String.isEmpty; decide
theorem f : "abc".isEmpty = false := by rw [String.isEmpty]; decide
theorem g (m n : Nat) : Nat.gcd (m + 1) n = Nat.gcd (n % (m + 1)) (m + 1) := by unfold Nat.gcd; simp
theorem h (m n : Nat) : Nat.gcd (m + 1) n = Nat.gcd (n % (m + 1)) (m + 1) := by rw [Nat.gcd]; simp
theorem i (m n : Nat) : Nat.gcd (m + 1) n = Nat.gcd (n % (m + 1)) (m + 1) := by simp [Nat.gcd]
theorem j : toString 5 = "5" := by exact rfl
theorem k : "abc".isEmpty = false := by grind
theorem l : "abc".isEmpty = false := by simp
theorem m : "abc".isEmpty = false := by show ("abc".utf8ByteSize == 0) = false; decide
theorem n : Nat.gcd 4 6 = 2 := by grind [Nat.gcd]
