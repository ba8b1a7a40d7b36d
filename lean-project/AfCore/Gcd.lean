/-!
# Greatest common divisors

Core Lean owns `Nat.gcd`, `Nat.lcm`, `Nat.Coprime`, `Int.gcd` and their basic lemmas. This file
adds Bézout's identity, coprime integers (`IsCoprime`) and the characterization of the greatest
common divisor.
-/

/-- Two elements are coprime in the sense of Bézout: some combination of them is one. -/
def IsCoprime {α : Type u} [Add α] [Mul α] [OfNat α 1] (a b : α) : Prop :=
  ∃ u v, u * a + v * b = 1

namespace Nat

/-- Bézout's identity for natural numbers, with integer coefficients. -/
theorem exists_gcd_eq (a b : Nat) : ∃ x y : Int, (Nat.gcd a b : Int) = a * x + b * y := by
  induction a, b using Nat.gcd.induction with
  | H0 n => exact ⟨0, 1, by simp⟩
  | H1 m n hm ih =>
    obtain ⟨x, y, h⟩ := ih
    refine ⟨y - (n / m : Nat) * x, x, ?_⟩
    rw [Nat.gcd_rec, h]
    have hd : (n : Int) = m * (n / m : Nat) + (n % m : Nat) := by
      exact_mod_cast (Nat.div_add_mod n m).symm
    generalize ((n / m : Nat) : Int) = q at *
    generalize ((n % m : Nat) : Int) = r at *
    rw [hd]
    grind

/-- The greatest common divisor is the common divisor that all common divisors divide. -/
theorem gcd_unique {a b d : Nat} (ha : d ∣ a) (hb : d ∣ b)
    (h : ∀ c, c ∣ a → c ∣ b → c ∣ d) : d = Nat.gcd a b :=
  Nat.dvd_antisymm (Nat.dvd_gcd ha hb) (h _ (Nat.gcd_dvd_left a b) (Nat.gcd_dvd_right a b))

end Nat

namespace Int

/-- Bézout's identity for integers. -/
theorem exists_gcd_eq (a b : Int) : ∃ x y : Int, (Int.gcd a b : Int) = a * x + b * y := by
  obtain ⟨x, y, h⟩ := Nat.exists_gcd_eq a.natAbs b.natAbs
  have hs : ∀ c : Int, ∃ e : Int, (c.natAbs : Int) = c * e := fun c => by
    rcases Int.natAbs_eq c with hc | hc
    · exact ⟨1, by omega⟩
    · exact ⟨-1, by omega⟩
  obtain ⟨e, he⟩ := hs a
  obtain ⟨f, hf⟩ := hs b
  refine ⟨e * x, f * y, ?_⟩
  rw [Int.gcd, h, he, hf, Int.mul_assoc, Int.mul_assoc]

/-- The combinations of two integers are the multiples of their greatest common divisor. -/
theorem gcd_dvd_iff {a b : Int} {n : Nat} :
    Int.gcd a b ∣ n ↔ ∃ x y : Int, (n : Int) = a * x + b * y := by
  constructor
  · rintro ⟨k, hk⟩
    obtain ⟨x, y, h⟩ := exists_gcd_eq a b
    refine ⟨x * k, y * k, ?_⟩
    rw [hk, Int.natCast_mul, h]
    grind
  · rintro ⟨x, y, h⟩
    rw [← Int.natCast_dvd_natCast, h]
    exact Int.dvd_add (Int.dvd_mul_of_dvd_left (Int.gcd_dvd_left a b))
      (Int.dvd_mul_of_dvd_left (Int.gcd_dvd_right a b))

/-- Integers are coprime in the sense of Bézout when their greatest common divisor is one. -/
theorem isCoprime_iff_gcd_eq_one {a b : Int} : IsCoprime a b ↔ Int.gcd a b = 1 := by
  constructor
  · rintro ⟨u, v, h⟩
    have : Int.gcd a b ∣ 1 := gcd_dvd_iff.2 ⟨u, v, by grind⟩
    exact Nat.dvd_one.1 this
  · intro h
    obtain ⟨x, y, h'⟩ := exists_gcd_eq a b
    exact ⟨x, y, by rw [h] at h'; grind⟩

/-- A divisor of a product that is coprime to one factor divides the other one. -/
theorem dvd_of_isCoprime_of_dvd_mul {a b c : Int} (hab : IsCoprime a b) (h : a ∣ b * c) :
    a ∣ c := by
  obtain ⟨u, v, huv⟩ := hab
  have hc : c = a * (u * c) + (b * c) * v := by grind
  rw [hc]
  exact Int.dvd_add (Int.dvd_mul_right _ _) (Int.dvd_mul_of_dvd_left h)

/-- Coprimality is symmetric. -/
theorem isCoprime_comm {a b : Int} : IsCoprime a b ↔ IsCoprime b a := by
  constructor <;> rintro ⟨u, v, h⟩ <;> exact ⟨v, u, by omega⟩

/-- An integer that is coprime to two integers is coprime to their product. -/
theorem isCoprime_mul_right {a b c : Int} (hb : IsCoprime a b) (hc : IsCoprime a c) :
    IsCoprime a (b * c) := by
  obtain ⟨u, v, h⟩ := hb
  obtain ⟨x, y, h'⟩ := hc
  exact ⟨u * x * a + u * y * c + v * b * x, v * y, by grind⟩

end Int
