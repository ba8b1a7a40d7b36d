infixl:65 " ⊕⊕ " => fun (a b : Nat) => a + b + 1
notation:max "‖" x "‖'" => Int.natAbs x
prefix:100 "√√" => Nat.succ
theorem a : 1 ⊕⊕ 2 = 4 := rfl
theorem b : 1 ⊕⊕ 2 = 3 := by decide
theorem c : ‖(-3)‖' = 3 := rfl
theorem d : √√ 2 = 3 := rfl
theorem e : ‖(-3 : Int)‖' = 4 := by simp
local notation "ℕ" => Nat
theorem f (n : ℕ) : n < n + 1 := by omega
theorem g (n : ℕ) : n < n := by omega
