set_option maxHeartbeats 0
set_option maxRecDepth 10000000

def sq (n : Nat) : Nat := n * n
theorem blown_up : sq (sq (sq (sq (sq (sq (sq (sq (sq (sq (sq (sq (2 ^ 16777216)))))))))))) % 2 = 0 := by decide +kernel

theorem and_swap_nat (a b : Nat) (h : a = 1 ∧ b = 2) : b = 2 ∧ a = 1 := ⟨h.2, h.1⟩
