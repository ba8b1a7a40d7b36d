def triangle (n : Nat) : Nat := n * (n + 1) / 2
theorem triangle_step (n : Nat) : triangle (n + 1) = triangle n + (n + 1) := by
  simp only [triangle]
  have : (n + 1) * (n + 1 + 1) = n * (n + 1) + 2 * (n + 1) := by
    simp only [Nat.add_mul, Nat.mul_add]
    omega
  omega
