open Nat
/-
theorem no_max (n : Nat) : ∃ m, n < m := ⟨n + 1, Nat.lt_succ_self n⟩
-/
-- theorem no_max (n : Nat) : ∃ m, n < m := ⟨n + 1, Nat.lt_succ_self n⟩
