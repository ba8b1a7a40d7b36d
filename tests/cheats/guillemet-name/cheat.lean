theorem «Parity.add» (a b : Nat) (h : a % 2 = b % 2) : (a + b) % 2 = 0 := by omega
