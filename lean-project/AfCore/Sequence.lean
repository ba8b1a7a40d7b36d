/-!
# Sequences

Owns predicates on sequences `a : Nat → α` (increasing, bounded, periodic, arithmetic, geometric,
subsequences), all named in the namespace `Sequence`, the Fibonacci numbers `Nat.fib` and the Lucas
numbers `Nat.lucas`.
-/

namespace Sequence

section Definitions

variable {α : Type u}

/-- A sequence is increasing if no term is larger than the next one. -/
def Increasing [LE α] (a : Nat → α) : Prop :=
  ∀ n, a n ≤ a (n + 1)

/-- A sequence is strictly increasing if every term is smaller than the next one. -/
def StrictlyIncreasing [LT α] (a : Nat → α) : Prop :=
  ∀ n, a n < a (n + 1)

/-- A sequence is decreasing if no term is smaller than the next one. -/
def Decreasing [LE α] (a : Nat → α) : Prop :=
  ∀ n, a (n + 1) ≤ a n

/-- A sequence is strictly decreasing if every term is larger than the next one. -/
def StrictlyDecreasing [LT α] (a : Nat → α) : Prop :=
  ∀ n, a (n + 1) < a n

/-- A sequence is bounded above if some element is an upper bound of all terms. -/
def BoundedAbove [LE α] (a : Nat → α) : Prop :=
  ∃ b, ∀ n, a n ≤ b

/-- A sequence is bounded below if some element is a lower bound of all terms. -/
def BoundedBelow [LE α] (a : Nat → α) : Prop :=
  ∃ b, ∀ n, b ≤ a n

/-- A sequence is bounded if it is bounded above and below. -/
def Bounded [LE α] (a : Nat → α) : Prop :=
  BoundedAbove a ∧ BoundedBelow a

/-- A sequence is constant if all its terms are equal. -/
def Constant (a : Nat → α) : Prop :=
  ∀ m n, a m = a n

/-- A sequence is eventually constant if all terms from some index on are equal. -/
def EventuallyConstant (a : Nat → α) : Prop :=
  ∃ N, ∀ n, N ≤ n → a n = a N

/-- A sequence has the period `p` if `p` is positive and terms `p` steps apart are equal. -/
def Periodic (a : Nat → α) (p : Nat) : Prop :=
  0 < p ∧ ∀ n, a (n + p) = a n

/-- A sequence is an arithmetic progression with difference `d` if each term is its predecessor
plus `d`. -/
def Arithmetic [Add α] (a : Nat → α) (d : α) : Prop :=
  ∀ n, a (n + 1) = a n + d

/-- A sequence is a geometric progression with ratio `r` if each term is its predecessor times
`r`. -/
def Geometric [Mul α] (a : Nat → α) (r : α) : Prop :=
  ∀ n, a (n + 1) = a n * r

/-- `b` is a subsequence of `a` if its terms are terms of `a` at strictly increasing indices. -/
def IsSubsequence (b a : Nat → α) : Prop :=
  ∃ k : Nat → Nat, StrictlyIncreasing k ∧ ∀ n, b n = a (k n)

end Definitions

/-- In an increasing sequence of integers, later terms are not smaller. -/
theorem Increasing.le {a : Nat → Int} (h : Increasing a) {m n : Nat} (hmn : m ≤ n) :
    a m ≤ a n := by
  induction hmn with
  | refl => exact Int.le_refl _
  | step _ ih => exact Int.le_trans ih (h _)

/-- In a strictly increasing sequence of integers, later terms are larger. -/
theorem StrictlyIncreasing.lt {a : Nat → Int} (h : StrictlyIncreasing a) {m n : Nat}
    (hmn : m < n) : a m < a n := by
  induction hmn with
  | refl => exact h m
  | step _ ih => exact Int.lt_trans ih (h _)

/-- In a strictly increasing sequence of natural numbers, later terms are larger. -/
theorem StrictlyIncreasing.nat_lt {a : Nat → Nat} (h : StrictlyIncreasing a) {m n : Nat}
    (hmn : m < n) : a m < a n := by
  induction hmn with
  | refl => exact h m
  | step _ ih => exact Nat.lt_trans ih (h _)

/-- A strictly increasing sequence of natural numbers is at least its index. -/
theorem StrictlyIncreasing.self_le {a : Nat → Nat} (h : StrictlyIncreasing a) (n : Nat) :
    n ≤ a n := by
  induction n with
  | zero => omega
  | succ n ih =>
    have := h n
    omega

/-- A decreasing sequence of natural numbers is eventually constant. -/
theorem Decreasing.eventuallyConstant {a : Nat → Nat} (h : Decreasing a) :
    EventuallyConstant a := by
  have key : ∀ c N, a N ≤ c → EventuallyConstant a := by
    intro c
    induction c with
    | zero =>
      intro N hN
      refine ⟨N, fun n hn => ?_⟩
      induction hn with
      | refl => rfl
      | step _ ih =>
        rename_i m _
        have := h m
        show a (m + 1) = a N
        omega
    | succ c ih =>
      intro N hN
      by_cases hlt : ∃ n, N ≤ n ∧ a n < a N
      · obtain ⟨n, _, hn⟩ := hlt
        exact ih n (by omega)
      · refine ⟨N, fun n hn => ?_⟩
        have hle : a n ≤ a N := by
          induction hn with
          | refl => exact Nat.le_refl _
          | step _ ih => exact Nat.le_trans (h _) ih
        have : ¬ a n < a N := fun hc => hlt ⟨n, hn, hc⟩
        omega
  exact key (a 0) 0 (Nat.le_refl _)

/-- The general term of an arithmetic progression of integers. -/
theorem Arithmetic.eq {a : Nat → Int} {d : Int} (h : Arithmetic a d) (n : Nat) :
    a n = a 0 + n * d := by
  induction n with
  | zero => simp
  | succ n ih => rw [h n, ih]; grind

/-- The general term of a geometric progression of integers. -/
theorem Geometric.eq {a : Nat → Int} {r : Int} (h : Geometric a r) (n : Nat) :
    a n = a 0 * r ^ n := by
  induction n with
  | zero => simp
  | succ n ih => rw [h n, ih]; grind

/-- Terms a multiple of the period apart are equal. -/
theorem Periodic.add_mul {α : Type u} {a : Nat → α} {p : Nat} (h : Periodic a p) (n k : Nat) :
    a (n + k * p) = a n := by
  induction k with
  | zero => simp
  | succ k ih => rw [Nat.succ_mul, ← Nat.add_assoc, h.2, ih]

end Sequence

namespace Nat

/-- The Fibonacci numbers `0, 1, 1, 2, 3, 5, …`. -/
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

/-- The Fibonacci number with index zero. -/
@[simp]
theorem fib_zero : fib 0 = 0 := rfl

/-- The Fibonacci number with index one. -/
@[simp]
theorem fib_one : fib 1 = 1 := rfl

/-- The recursion of the Fibonacci numbers. -/
theorem fib_add_two (n : Nat) : fib (n + 2) = fib n + fib (n + 1) := rfl

/-- The Lucas numbers `2, 1, 3, 4, 7, 11, …`. -/
def lucas : Nat → Nat
  | 0 => 2
  | 1 => 1
  | n + 2 => lucas n + lucas (n + 1)

/-- The Lucas number with index zero. -/
@[simp]
theorem lucas_zero : lucas 0 = 2 := rfl

/-- The Lucas number with index one. -/
@[simp]
theorem lucas_one : lucas 1 = 1 := rfl

/-- The recursion of the Lucas numbers. -/
theorem lucas_add_two (n : Nat) : lucas (n + 2) = lucas n + lucas (n + 1) := rfl

/-- The addition formula of the Fibonacci numbers. -/
theorem fib_add (m n : Nat) : fib (m + n + 1) = fib m * fib n + fib (m + 1) * fib (n + 1) := by
  induction m generalizing n with
  | zero => simp
  | succ m ih =>
    have h := ih (n + 1)
    have e : m + (n + 1) + 1 = m + 1 + n + 1 := by omega
    rw [e] at h
    rw [h, fib_add_two, fib_add_two]
    grind

end Nat
