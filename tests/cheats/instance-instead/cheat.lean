class Holds (p : Prop) : Prop where
  proof : p

instance add_right_inj_nat (a b c : Nat) : Holds (a + b = a + c ↔ b = c) := ⟨by omega⟩

theorem use_it (a b c : Nat) : a + b = a + c ↔ b = c := (add_right_inj_nat a b c).proof
