set_option maxRecDepth 64 in
theorem a : 100 + 100 = 200 ∧ (List.range 50).length = 50 := by decide
set_option maxHeartbeats 1 in
theorem b (a b c d : Int) (h : a < b) (h' : c < d) : a + c < b + d := by omega
set_option autoImplicit true in
theorem c (x : α) : x = x := rfl
theorem d (x : α) : x = x := rfl
set_option pp.all true in
theorem e (n : Nat) : n + 0 = 1 := by simp
set_option linter.unusedVariables false in
theorem f (n m : Nat) : n = n := rfl
theorem g (n m : Nat) : n = n := rfl
set_option trace.Meta.synthInstance.nope true
theorem i : (10 : Nat) ^ 3 = 1001 := by norm_num
theorem j : (List.range 600).length = 600 := by decide
