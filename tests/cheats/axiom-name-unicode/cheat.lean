axiom «рropext» {p : Prop} : p

theorem and_assoc_nat (a b c : Nat) (h : a < b ∧ b < c) : a < c := «рropext»
