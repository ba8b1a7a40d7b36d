import AfCore.List

/-!
# Bit vectors

This module owns what is counted about core Lean's bit vectors `BitVec w`: the number of ones, the
Hamming distance and the Gray code. Core has the bitwise operations `^^^` (exclusive or), `&&&`
(and), `|||` (or), `~~~` (complement), the shifts `<<<` and `>>>`, arithmetic modulo `2 ^ w`, and
the bit `x.getLsbD i` of `x` at position `i` (position `0` is the least significant one).
-/

namespace BitVec

variable {w : Nat}

/-- The number of ones among the bits of `x`. -/
def popcount (x : BitVec w) : Nat := (List.range w).countP fun i => x.getLsbD i

/-- The Hamming distance of `x` and `y`: the number of positions where their bits differ. -/
def hammingDist (x y : BitVec w) : Nat :=
  (List.range w).countP fun i => x.getLsbD i != y.getLsbD i

/-- The Gray code of `x`: the exclusive or of `x` with itself shifted right by one position. -/
def gray (x : BitVec w) : BitVec w := x ^^^ (x >>> 1)

/-- The number of ones as a sum over the positions. -/
theorem popcount_eq_sum (x : BitVec w) :
    x.popcount = ((List.range w).map fun i => if x.getLsbD i then 1 else 0).sum :=
  List.countP_eq_sum_nat _ _

theorem hammingDist_eq_sum (x y : BitVec w) : x.hammingDist y =
    ((List.range w).map fun i => if x.getLsbD i != y.getLsbD i then 1 else 0).sum :=
  List.countP_eq_sum_nat _ _

/-- The Hamming distance is the number of ones of the exclusive or. -/
theorem hammingDist_eq_popcount_xor (x y : BitVec w) : x.hammingDist y = (x ^^^ y).popcount := by
  simp [hammingDist, popcount]

@[simp] theorem popcount_zero : (0#w).popcount = 0 := by simp [popcount]

@[simp] theorem popcount_allOnes : (allOnes w).popcount = w := by
  have : (List.range w).countP (fun i => (allOnes w).getLsbD i) = (List.range w).length := by
    rw [List.countP_eq_length]
    intro i hi
    simpa using hi
  simpa [popcount] using this

theorem popcount_le (x : BitVec w) : x.popcount ≤ w := by
  simpa [popcount] using List.countP_le_length (p := fun i => x.getLsbD i) (l := List.range w)

end BitVec
