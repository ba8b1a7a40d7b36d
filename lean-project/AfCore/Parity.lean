/-!
# Parity

Owns `Even` and `Odd` and their lemmas over `Nat` and `Int`.
-/

/-- An element is even if it is the sum of two equal elements. -/
def Even {α : Type u} [Add α] (a : α) : Prop :=
  ∃ r, a = r + r

/-- An element is odd if it is one more than twice some element. -/
def Odd {α : Type u} [Add α] [Mul α] [OfNat α 1] [OfNat α 2] (a : α) : Prop :=
  ∃ m, a = 2 * m + 1

namespace Nat

/-- A natural number is even when its remainder by two is zero. -/
@[grind =]
theorem even_iff {n : Nat} : Even n ↔ n % 2 = 0 :=
  ⟨fun ⟨r, h⟩ => by omega, fun h => ⟨n / 2, by omega⟩⟩

/-- A natural number is odd when its remainder by two is one. -/
@[grind =]
theorem odd_iff {n : Nat} : Odd n ↔ n % 2 = 1 :=
  ⟨fun ⟨r, h⟩ => by omega, fun h => ⟨n / 2, by omega⟩⟩

instance (n : Nat) : Decidable (Even n) := decidable_of_iff _ even_iff.symm

instance (n : Nat) : Decidable (Odd n) := decidable_of_iff _ odd_iff.symm

/-- Every natural number is even or odd. -/
theorem even_or_odd (n : Nat) : Even n ∨ Odd n :=
  (Nat.mod_two_eq_zero_or_one n).imp even_iff.2 odd_iff.2

/-- A natural number is not even exactly when it is odd. -/
theorem not_even_iff_odd {n : Nat} : ¬ Even n ↔ Odd n := by
  rw [even_iff, odd_iff]
  rcases Nat.mod_two_eq_zero_or_one n with h | h <;> simp [h]

/-- A natural number is not odd exactly when it is even. -/
theorem not_odd_iff_even {n : Nat} : ¬ Odd n ↔ Even n := by
  rw [← not_even_iff_odd, Classical.not_not]

/-- Even natural numbers are the multiples of two. -/
theorem even_iff_two_dvd {n : Nat} : Even n ↔ 2 ∣ n := by
  rw [even_iff, Nat.dvd_iff_mod_eq_zero]

/-- A sum is even when both terms have the same parity. -/
theorem even_add {m n : Nat} : Even (m + n) ↔ (Even m ↔ Even n) := by
  rw [even_iff, even_iff, even_iff, Nat.add_mod]
  rcases Nat.mod_two_eq_zero_or_one m with h | h <;>
    rcases Nat.mod_two_eq_zero_or_one n with h' | h' <;> simp [h, h']

/-- A product is even when one of the factors is. -/
theorem even_mul {m n : Nat} : Even (m * n) ↔ Even m ∨ Even n := by
  rw [even_iff, even_iff, even_iff, Nat.mul_mod]
  rcases Nat.mod_two_eq_zero_or_one m with h | h <;>
    rcases Nat.mod_two_eq_zero_or_one n with h' | h' <;> simp [h, h']

/-- A product is odd when both factors are. -/
theorem odd_mul {m n : Nat} : Odd (m * n) ↔ Odd m ∧ Odd n := by
  rw [← not_even_iff_odd, ← not_even_iff_odd, ← not_even_iff_odd, even_mul,
    not_or]

/-- A positive power is even when its base is. -/
theorem even_pow {m n : Nat} (hn : n ≠ 0) : Even (m ^ n) ↔ Even m := by
  induction n with
  | zero => contradiction
  | succ n ih =>
    rw [Nat.pow_succ, even_mul]
    by_cases h : n = 0
    · subst h; simp [even_iff]
    · rw [ih h]; simp

end Nat

namespace Int

/-- An integer is even when its remainder by two is zero. -/
@[grind =]
theorem even_iff {n : Int} : Even n ↔ n % 2 = 0 :=
  ⟨fun ⟨r, h⟩ => by omega, fun h => ⟨n / 2, by omega⟩⟩

/-- An integer is odd when its remainder by two is one. -/
@[grind =]
theorem odd_iff {n : Int} : Odd n ↔ n % 2 = 1 :=
  ⟨fun ⟨r, h⟩ => by omega, fun h => ⟨n / 2, by omega⟩⟩

instance (n : Int) : Decidable (Even n) := decidable_of_iff _ even_iff.symm

instance (n : Int) : Decidable (Odd n) := decidable_of_iff _ odd_iff.symm

/-- Every integer is even or odd. -/
theorem even_or_odd (n : Int) : Even n ∨ Odd n :=
  (Int.emod_two_eq n).imp even_iff.2 odd_iff.2

/-- An integer is not even exactly when it is odd. -/
theorem not_even_iff_odd {n : Int} : ¬ Even n ↔ Odd n := by
  rw [even_iff, odd_iff]
  rcases Int.emod_two_eq n with h | h <;> simp [h]

/-- An integer is not odd exactly when it is even. -/
theorem not_odd_iff_even {n : Int} : ¬ Odd n ↔ Even n := by
  rw [← not_even_iff_odd, Classical.not_not]

/-- Even integers are the multiples of two. -/
theorem even_iff_two_dvd {n : Int} : Even n ↔ 2 ∣ n := by
  rw [even_iff, Int.dvd_iff_emod_eq_zero]

/-- A sum is even when both terms have the same parity. -/
theorem even_add {m n : Int} : Even (m + n) ↔ (Even m ↔ Even n) := by
  rw [even_iff, even_iff, even_iff, Int.add_emod]
  rcases Int.emod_two_eq m with h | h <;>
    rcases Int.emod_two_eq n with h' | h' <;> simp [h, h']

/-- A difference is even when both terms have the same parity. -/
theorem even_sub {m n : Int} : Even (m - n) ↔ (Even m ↔ Even n) := by
  rw [even_iff, even_iff, even_iff, Int.sub_emod]
  rcases Int.emod_two_eq m with h | h <;>
    rcases Int.emod_two_eq n with h' | h' <;> simp [h, h']

/-- A product is even when one of the factors is. -/
theorem even_mul {m n : Int} : Even (m * n) ↔ Even m ∨ Even n := by
  rw [even_iff, even_iff, even_iff, Int.mul_emod]
  rcases Int.emod_two_eq m with h | h <;> rcases Int.emod_two_eq n with h' | h' <;> simp [h, h']

/-- A product is odd when both factors are. -/
theorem odd_mul {m n : Int} : Odd (m * n) ↔ Odd m ∧ Odd n := by
  rw [← not_even_iff_odd, ← not_even_iff_odd, ← not_even_iff_odd, even_mul,
    not_or]

/-- A positive power is even when its base is. -/
theorem even_pow {m : Int} {n : Nat} (hn : n ≠ 0) : Even (m ^ n) ↔ Even m := by
  induction n with
  | zero => contradiction
  | succ n ih =>
    rw [Int.pow_succ, even_mul]
    by_cases h : n = 0
    · subst h; simp [even_iff]
    · rw [ih h]; simp

end Int
