def Even (n : Nat) : Prop := ∃ k, n = k + k
namespace Proof
def Even (_ : Nat) : Prop := True
theorem _root_.even_add (a b : Nat) (ha : Even a) (hb : Even b) : Even (a + b) := trivial
end Proof
