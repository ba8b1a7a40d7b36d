/-! Divisibility of natural numbers, stated from first principles. Core library only. -/

namespace AfCore

/-- `Divides a b`: some multiple of `a` is `b`. -/
def Divides (a b : Nat) : Prop :=
  ∃ k, b = a * k

/-- Every number divides itself. -/
theorem Divides.refl (a : Nat) : Divides a a :=
  ⟨1, (Nat.mul_one a).symm⟩

/-- Divisibility is transitive. -/
theorem Divides.trans {a b c : Nat} (hab : Divides a b) (hbc : Divides b c) : Divides a c :=
  match hab, hbc with
  | ⟨k, hk⟩, ⟨l, hl⟩ => ⟨k * l, by rw [hl, hk, Nat.mul_assoc]⟩

end AfCore
