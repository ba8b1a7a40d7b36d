def root : Nat := 12
theorem root_spec : root * root = 144 := rfl
