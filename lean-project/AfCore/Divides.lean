/-!
# Divisibility

Core Lean owns the relation `a ∣ b` on `Nat` and `Int` and its basic lemmas. This file adds the
lemmas that exercises ask for, the division algorithm as an existence and uniqueness statement, and
the list of divisors of a natural number.
-/

namespace Nat

/-- If `d` divides two numbers then it divides every combination of them. -/
theorem dvd_mul_add_mul {d a b : Nat} (ha : d ∣ a) (hb : d ∣ b) (x y : Nat) :
    d ∣ x * a + y * b :=
  Nat.dvd_add (Nat.dvd_mul_left_of_dvd ha x) (Nat.dvd_mul_left_of_dvd hb y)

/-- The division algorithm: quotient and remainder exist. -/
theorem exists_eq_mul_add (a : Nat) {b : Nat} (hb : 0 < b) : ∃ q r, a = b * q + r ∧ r < b :=
  ⟨a / b, a % b, (Nat.div_add_mod a b).symm, Nat.mod_lt a hb⟩

/-- Quotient and remainder are unique. -/
theorem quotient_remainder_unique {b q r q' r' : Nat} (h : b * q + r = b * q' + r')
    (hr : r < b) (hr' : r' < b) : q = q' ∧ r = r' := by
  have h1 : (b * q + r) % b = r := by rw [Nat.mul_add_mod, Nat.mod_eq_of_lt hr]
  have h2 : (b * q' + r') % b = r' := by rw [Nat.mul_add_mod, Nat.mod_eq_of_lt hr']
  have hrr : r = r' := by rw [← h1, ← h2, h]
  subst hrr
  exact ⟨Nat.eq_of_mul_eq_mul_left (by omega) (Nat.add_right_cancel h), rfl⟩

/-- The list of the (positive) divisors of `n`, in ascending order; empty for `n = 0`. -/
def divisors (n : Nat) : List Nat :=
  (List.range' 1 n).filter (· ∣ n)

/-- The list of the divisors of `n` that are smaller than `n`, in ascending order. -/
def properDivisors (n : Nat) : List Nat :=
  (List.range n).filter (· ∣ n)

/-- `d` is in the list of divisors of `n` when it divides `n` and `n` is not zero. -/
theorem mem_divisors {d n : Nat} : d ∈ divisors n ↔ d ∣ n ∧ n ≠ 0 := by
  simp only [divisors, List.mem_filter, List.mem_range'_1, decide_eq_true_eq]
  constructor
  · rintro ⟨h, hd⟩
    exact ⟨hd, by omega⟩
  · rintro ⟨hd, hn⟩
    have := Nat.le_of_dvd (by omega) hd
    have := Nat.pos_of_dvd_of_pos hd (by omega)
    exact ⟨by omega, hd⟩

/-- `d` is a proper divisor of `n` when it divides `n` and is smaller than `n`. -/
theorem mem_properDivisors {d n : Nat} : d ∈ properDivisors n ↔ d ∣ n ∧ d < n := by
  simp only [properDivisors, List.mem_filter, List.mem_range, decide_eq_true_eq]
  exact and_comm

end Nat

namespace Int

/-- If `d` divides two integers then it divides every linear combination of them. -/
theorem dvd_mul_add_mul {d a b : Int} (ha : d ∣ a) (hb : d ∣ b) (x y : Int) :
    d ∣ x * a + y * b :=
  Int.dvd_add (Int.dvd_mul_of_dvd_right ha) (Int.dvd_mul_of_dvd_right hb)

/-- The division algorithm for integers: quotient and remainder exist. -/
theorem exists_eq_mul_add (a : Int) {b : Int} (hb : 0 < b) :
    ∃ q r, a = b * q + r ∧ 0 ≤ r ∧ r < b :=
  ⟨a / b, a % b, (Int.mul_ediv_add_emod a b).symm, Int.emod_nonneg a (by omega),
    Int.emod_lt_of_pos a hb⟩

/-- Two integers that divide each other are equal up to sign. -/
theorem eq_or_eq_neg_of_dvd_of_dvd {a b : Int} (hab : a ∣ b) (hba : b ∣ a) : a = b ∨ a = -b := by
  have h := Nat.dvd_antisymm (Int.natAbs_dvd_natAbs.2 hab) (Int.natAbs_dvd_natAbs.2 hba)
  omega

/-- A divisor of a nonzero integer is at most as large in absolute value. -/
theorem natAbs_le_of_dvd {a b : Int} (h : a ∣ b) (hb : b ≠ 0) : a.natAbs ≤ b.natAbs :=
  Nat.le_of_dvd (by omega) (Int.natAbs_dvd_natAbs.2 h)

/-- `x - y` divides `x ^ n - y ^ n`. -/
theorem sub_dvd_pow_sub_pow (x y : Int) (n : Nat) : x - y ∣ x ^ n - y ^ n := by
  induction n with
  | zero => simp
  | succ n ih =>
    have h : x ^ (n + 1) - y ^ (n + 1) = (x ^ n - y ^ n) * x + (x - y) * y ^ n := by grind
    rw [h]
    exact Int.dvd_add (Int.dvd_mul_of_dvd_left ih) (Int.dvd_mul_right _ _)

end Int
