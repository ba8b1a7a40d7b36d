def triangle (n : Nat) : Nat := n * (n + 1) / 2
theorem triangle_step (n : Nat) : triangle (n + 1) = triangle n + (n + 1) := sorry
