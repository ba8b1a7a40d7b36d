set_option maxHeartbeats 0
set_option maxRecDepth 100000000

syntax "dig! " term:max : term
macro_rules
  | `(dig! $t) => `(id (dig! $t))

theorem bottomless : dig! 1 = 1 := rfl

theorem or_swap_nat (a : Nat) (h : a = 1 ∨ a = 2) : a = 2 ∨ a = 1 := h.symm
