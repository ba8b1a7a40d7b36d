def flip01 (n : Nat) : Nat := n
@[simp] theorem flip01_def (n : Nat) : flip01 n = n := rfl
theorem flip01_twice (n : Nat) (h : n ≤ 1) : flip01 (flip01 n) = n := by simp
