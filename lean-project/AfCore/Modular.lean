/-!
# Congruences

Owns `a ≡ b [MOD n]` for natural numbers and `a ≡ b [ZMOD n]` for integers.
-/

/-- Two natural numbers are congruent modulo `n` if they leave the same remainder. -/
def Nat.ModEq (n a b : Nat) : Prop :=
  a % n = b % n

/-- Two integers are congruent modulo `n` if they leave the same remainder. -/
def Int.ModEq (n a b : Int) : Prop :=
  a % n = b % n

@[inherit_doc Nat.ModEq]
notation:50 a " ≡ " b " [MOD " n "]" => Nat.ModEq n a b

@[inherit_doc Int.ModEq]
notation:50 a " ≡ " b " [ZMOD " n "]" => Int.ModEq n a b

instance (n a b : Nat) : Decidable (a ≡ b [MOD n]) := inferInstanceAs (Decidable (_ = _))

instance (n a b : Int) : Decidable (a ≡ b [ZMOD n]) := inferInstanceAs (Decidable (_ = _))

namespace Nat.ModEq

/-- Congruence is reflexive. -/
theorem refl {n : Nat} (a : Nat) : a ≡ a [MOD n] := rfl

/-- Congruence is symmetric. -/
theorem symm {n a b : Nat} (h : a ≡ b [MOD n]) : b ≡ a [MOD n] := Eq.symm h

/-- Congruence is transitive. -/
theorem trans {n a b c : Nat} (h : a ≡ b [MOD n]) (h' : b ≡ c [MOD n]) : a ≡ c [MOD n] :=
  Eq.trans h h'

/-- Congruences may be added. -/
theorem add {n a b c d : Nat} (h : a ≡ b [MOD n]) (h' : c ≡ d [MOD n]) :
    a + c ≡ b + d [MOD n] := by
  unfold Nat.ModEq at *
  rw [Nat.add_mod, h, h', ← Nat.add_mod]

/-- Congruences may be multiplied. -/
theorem mul {n a b c d : Nat} (h : a ≡ b [MOD n]) (h' : c ≡ d [MOD n]) :
    a * c ≡ b * d [MOD n] := by
  unfold Nat.ModEq at *
  rw [Nat.mul_mod, h, h', ← Nat.mul_mod]

/-- Both sides of a congruence may be raised to a power. -/
theorem pow {n a b : Nat} (k : Nat) (h : a ≡ b [MOD n]) : a ^ k ≡ b ^ k [MOD n] := by
  unfold Nat.ModEq at *
  rw [Nat.pow_mod, h, ← Nat.pow_mod]

end Nat.ModEq

namespace Nat

/-- A number is congruent to zero when the modulus divides it. -/
theorem modEq_zero_iff_dvd {n a : Nat} : a ≡ 0 [MOD n] ↔ n ∣ a := by
  unfold Nat.ModEq
  rw [Nat.zero_mod, Nat.dvd_iff_mod_eq_zero]

/-- Congruent numbers differ by a multiple of the modulus. -/
theorem modEq_iff_dvd' {n a b : Nat} (h : a ≤ b) : a ≡ b [MOD n] ↔ n ∣ b - a := by
  unfold Nat.ModEq
  constructor
  · intro h'
    have ha := Nat.div_add_mod a n
    have hb := Nat.div_add_mod b n
    exact ⟨b / n - a / n, by rw [Nat.mul_sub]; omega⟩
  · rintro ⟨k, hk⟩
    have : b = a + n * k := by omega
    rw [this, Nat.add_mul_mod_self_left]

end Nat

namespace Int

/-- Integers are congruent when the modulus divides their difference. -/
theorem modEq_iff_dvd {n a b : Int} : a ≡ b [ZMOD n] ↔ n ∣ b - a := by
  unfold Int.ModEq
  rw [Int.dvd_iff_emod_eq_zero, ← Int.emod_eq_emod_iff_emod_sub_eq_zero]
  exact eq_comm

/-- An integer is congruent to zero when the modulus divides it. -/
theorem modEq_zero_iff_dvd {n a : Int} : a ≡ 0 [ZMOD n] ↔ n ∣ a := by
  rw [modEq_iff_dvd, Int.zero_sub, Int.dvd_neg]

namespace ModEq

/-- Congruence is reflexive. -/
theorem refl {n : Int} (a : Int) : a ≡ a [ZMOD n] := rfl

/-- Congruence is symmetric. -/
theorem symm {n a b : Int} (h : a ≡ b [ZMOD n]) : b ≡ a [ZMOD n] := Eq.symm h

/-- Congruence is transitive. -/
theorem trans {n a b c : Int} (h : a ≡ b [ZMOD n]) (h' : b ≡ c [ZMOD n]) : a ≡ c [ZMOD n] :=
  Eq.trans h h'

/-- Congruences may be added. -/
theorem add {n a b c d : Int} (h : a ≡ b [ZMOD n]) (h' : c ≡ d [ZMOD n]) :
    a + c ≡ b + d [ZMOD n] := by
  unfold Int.ModEq at *
  rw [Int.add_emod, h, h', ← Int.add_emod]

/-- Congruences may be subtracted. -/
theorem sub {n a b c d : Int} (h : a ≡ b [ZMOD n]) (h' : c ≡ d [ZMOD n]) :
    a - c ≡ b - d [ZMOD n] := by
  unfold Int.ModEq at *
  rw [Int.sub_emod, h, h', ← Int.sub_emod]

/-- Congruences may be multiplied. -/
theorem mul {n a b c d : Int} (h : a ≡ b [ZMOD n]) (h' : c ≡ d [ZMOD n]) :
    a * c ≡ b * d [ZMOD n] := by
  unfold Int.ModEq at *
  rw [Int.mul_emod, h, h', ← Int.mul_emod]

/-- Both sides of a congruence may be raised to a power. -/
theorem pow {n a b : Int} (k : Nat) (h : a ≡ b [ZMOD n]) : a ^ k ≡ b ^ k [ZMOD n] := by
  induction k with
  | zero => rw [Int.pow_zero, Int.pow_zero]; exact refl 1
  | succ k ih =>
    rw [Int.pow_succ, Int.pow_succ]
    exact ih.mul h

end ModEq

end Int
