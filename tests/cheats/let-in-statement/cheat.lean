def triangle (n : Nat) : Nat := n * (n + 1) / 2
theorem triangle_step (n : Nat) : let triangle := fun m => (m - n) * (n + 1); triangle (n + 1) = triangle n + (n + 1) := by
  intro triangle
  simp [triangle]
