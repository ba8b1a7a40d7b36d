def f (n : Nat) : Nat := n * n
#check f
#check (f : Int → Int)
#print f
#print axioms Nat.add_comm
theorem g : f 3 = 9 := rfl
#print axioms g
#reduce f 3
#check_failure f "x"
#synth Inhabited Nat
#synth Inhabited Empty
example : f 2 = 5 := by decide
#where
/-- info: f : Nat → Nat -/
#guard_msgs in
#check @f
#print nothing
