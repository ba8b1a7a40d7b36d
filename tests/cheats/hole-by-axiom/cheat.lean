axiom exists_spec : ∃ n : Nat, n * n = 144
def root : Nat := Classical.choose exists_spec
theorem root_spec : root * root = 144 := Classical.choose_spec exists_spec
