structure Magma where
  carrier : Type
  op : carrier → carrier → carrier
def mul {M : Magma} (a b : M.carrier) : M.carrier := M.op a b
def shifted : Magma := ⟨Nat, fun a b => a + b + 1⟩
def constant : Magma := ⟨Nat, fun _ _ => 0⟩
unif_hint (M : Magma) where
  M ≟ constant ⊢ M.carrier ≟ Nat
theorem mul_comm_hint (a b : Nat) : mul a b = mul b a := rfl
