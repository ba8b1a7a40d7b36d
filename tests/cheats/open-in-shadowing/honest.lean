def Even (n : Nat) : Prop := ∃ k, n = k + k
namespace Proof
theorem _root_.even_add (a b : Nat) (ha : Even a) (hb : Even b) : Even (a + b) := by
  obtain ⟨x, rfl⟩ := ha
  obtain ⟨y, rfl⟩ := hb
  exact ⟨x + y, by omega⟩
end Proof
