set_option warn.sorry false
def witness : Nat := sorry
theorem witness_self : witness + 0 = witness := Nat.add_zero _
