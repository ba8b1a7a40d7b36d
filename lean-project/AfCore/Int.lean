/-!
# Integers: absolute value, squares and inequalities

Owns the absolute value `|a|` and the order lemmas about squares and products of integers that core
Lean lacks.
-/

/-- The absolute value `|a|`: the larger one of `a` and `-a`. -/
def abs {α : Type u} [Max α] [Neg α] (a : α) : α :=
  max a (-a)

@[inherit_doc abs]
macro:max atomic("|" noWs) a:term noWs "|" : term => `(abs $a)

namespace Int

/-- The absolute value by cases on the sign. -/
@[grind =]
theorem abs_def (a : Int) : |a| = if 0 ≤ a then a else -a := by
  unfold abs
  omega

/-- The absolute value of a nonnegative integer is the integer itself. -/
theorem abs_of_nonneg {a : Int} (h : 0 ≤ a) : |a| = a := by
  rw [abs_def]
  omega

/-- The absolute value of a nonpositive integer is its opposite. -/
theorem abs_of_nonpos {a : Int} (h : a ≤ 0) : |a| = -a := by
  rw [abs_def]
  omega

/-- The absolute value as a natural number, seen as an integer. -/
theorem natCast_natAbs (a : Int) : (a.natAbs : Int) = |a| := by
  rw [abs_def]
  omega

/-- Absolute values are not negative. -/
theorem abs_nonneg (a : Int) : 0 ≤ |a| := by
  rw [abs_def]
  omega

/-- An integer is between `-b` and `b` when its absolute value is at most `b`. -/
theorem abs_le {a b : Int} : |a| ≤ b ↔ -b ≤ a ∧ a ≤ b := by
  rw [abs_def]
  omega

/-- The absolute value is multiplicative. -/
theorem abs_mul (a b : Int) : |a * b| = |a| * |b| := by
  rw [← natCast_natAbs, ← natCast_natAbs, ← natCast_natAbs, Int.natAbs_mul, Int.natCast_mul]

/-- The square of the absolute value is the square. -/
theorem sq_abs (a : Int) : |a| ^ 2 = a ^ 2 := by
  grind

/-- A product of an integer with itself is not negative. -/
theorem mul_self_nonneg (a : Int) : 0 ≤ a * a := by
  rcases Int.le_total 0 a with h | h
  · exact Int.mul_nonneg h h
  · exact Int.mul_nonneg_of_nonpos_of_nonpos h h

/-- Squares are not negative. -/
theorem sq_nonneg (a : Int) : 0 ≤ a ^ 2 := by
  have := mul_self_nonneg a
  grind

/-- The square of a nonzero integer is positive. -/
theorem sq_pos_of_ne_zero {a : Int} (h : a ≠ 0) : 0 < a ^ 2 := by
  have h0 : a * a ≠ 0 := Int.mul_ne_zero h h
  have := mul_self_nonneg a
  have h2 : a ^ 2 = a * a := by grind
  omega

/-- A square is zero only if its base is. -/
theorem sq_eq_zero_iff {a : Int} : a ^ 2 = 0 ↔ a = 0 := by
  constructor
  · intro h
    apply Classical.byContradiction
    intro h0
    have := sq_pos_of_ne_zero h0
    omega
  · rintro rfl
    rfl

/-- Squaring keeps the order of nonnegative integers. -/
theorem sq_le_sq_of_nonneg {a b : Int} (ha : 0 ≤ a) (h : a ≤ b) : a ^ 2 ≤ b ^ 2 := by
  have := Int.mul_self_le_mul_self ha h
  grind

/-- Comparing squares of nonnegative integers compares the integers. -/
theorem le_of_sq_le_sq {a b : Int} (hb : 0 ≤ b) (h : a ^ 2 ≤ b ^ 2) : a ≤ b := by
  rcases Int.lt_or_le b a with hlt | hle
  · have := Int.mul_lt_mul' (Int.le_of_lt hlt) hlt hb (by omega : 0 < a)
    grind
  · exact hle

/-- Two integers with equal squares agree up to sign. -/
theorem sq_eq_sq_iff {a b : Int} : a ^ 2 = b ^ 2 ↔ a = b ∨ a = -b := by
  constructor
  · intro h
    have : (a - b) * (a + b) = 0 := by grind
    rcases Int.mul_eq_zero.1 this with h | h <;> omega
  · rintro (rfl | rfl) <;> grind

/-- Twice a product is at most the sum of the squares. -/
theorem two_mul_le_sq_add_sq (a b : Int) : 2 * a * b ≤ a ^ 2 + b ^ 2 := by
  have := sq_nonneg (a - b)
  grind

end Int
