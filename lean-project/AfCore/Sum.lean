/-!
# Finite sums and products

Owns `∑ i ∈ l, f i` and `∏ i ∈ l, f i` for a list `l` of indices (an index that occurs twice counts
twice), the short forms `∑ i < n, f i` (indices `0, …, n - 1`) and `∑ i ≤ n, f i` (indices
`0, …, n`), the interval `List.Icc m n` of natural numbers, and the lemmas about them.
The body of a sum extends over products but not over `+`: write `∑ i < n, (i + 1)`.
-/

namespace List

/-- The natural numbers `m, m + 1, …, n` in this order; empty if `n < m`. -/
def Icc (m n : Nat) : List Nat :=
  (List.range (n + 1)).filter (m ≤ ·)

/-- The sum of `f i` over the entries `i` of a list; written `∑ i ∈ l, f i`. -/
def sumOver {α : Type u} {β : Type v} [Add β] [OfNat β 0] : List α → (α → β) → β
  | [], _ => 0
  | i :: l, f => f i + sumOver l f

/-- The product of `f i` over the entries `i` of a list; written `∏ i ∈ l, f i`. -/
def prodOver {α : Type u} {β : Type v} [Mul β] [OfNat β 1] : List α → (α → β) → β
  | [], _ => 1
  | i :: l, f => f i * prodOver l f

end List

/-- `∑ i ∈ l, f i` is the sum of `f i` over the entries `i` of the list `l`. -/
macro "∑ " i:ident " ∈ " l:term:51 ", " b:term:67 : term => `(List.sumOver $l fun $i => $b)

/-- `∑ i < n, f i` is the sum `f 0 + … + f (n - 1)`. -/
macro "∑ " i:ident " < " n:term:51 ", " b:term:67 : term =>
  `(List.sumOver (List.range $n) fun $i => $b)

/-- `∑ i ≤ n, f i` is the sum `f 0 + … + f n`. -/
macro "∑ " i:ident " ≤ " n:term:51 ", " b:term:67 : term =>
  `(List.sumOver (List.range ($n + 1)) fun $i => $b)

/-- `∏ i ∈ l, f i` is the product of `f i` over the entries `i` of the list `l`. -/
macro "∏ " i:ident " ∈ " l:term:51 ", " b:term:67 : term => `(List.prodOver $l fun $i => $b)

/-- `∏ i < n, f i` is the product `f 0 * … * f (n - 1)`. -/
macro "∏ " i:ident " < " n:term:51 ", " b:term:67 : term =>
  `(List.prodOver (List.range $n) fun $i => $b)

/-- `∏ i ≤ n, f i` is the product `f 0 * … * f n`. -/
macro "∏ " i:ident " ≤ " n:term:51 ", " b:term:67 : term =>
  `(List.prodOver (List.range ($n + 1)) fun $i => $b)

/-- Shows `List.sumOver` as `∑ i ∈ l, f i`. -/
@[app_unexpander List.sumOver]
def unexpandSumOver : Lean.PrettyPrinter.Unexpander
  | `($_ $l fun $i:ident => $b) => `(∑ $i:ident ∈ $l, $b)
  | _ => throw ()

/-- Shows `List.prodOver` as `∏ i ∈ l, f i`. -/
@[app_unexpander List.prodOver]
def unexpandProdOver : Lean.PrettyPrinter.Unexpander
  | `($_ $l fun $i:ident => $b) => `(∏ $i:ident ∈ $l, $b)
  | _ => throw ()

namespace List

/-! ## Intervals -/

/-- Membership in an interval. -/
@[simp]
theorem mem_Icc {m n i : Nat} : i ∈ Icc m n ↔ m ≤ i ∧ i ≤ n := by
  simp only [Icc, List.mem_filter, List.mem_range, decide_eq_true_eq]
  omega

/-- An interval grows at its upper end. -/
theorem Icc_succ {m n : Nat} (h : m ≤ n + 1) : Icc m (n + 1) = Icc m n ++ [n + 1] := by
  simp [Icc, List.range_succ (n := n + 1), h]

/-- An interval whose upper end is below the lower one is empty. -/
theorem Icc_eq_nil {m n : Nat} (h : n < m) : Icc m n = [] :=
  List.eq_nil_iff_forall_not_mem.2 fun i hi => by
    have := mem_Icc.1 hi
    omega

/-- An interval from a number to itself. -/
theorem Icc_self (m : Nat) : Icc m m = [m] := by
  cases m with
  | zero => rfl
  | succ m => rw [Icc_succ (by omega), Icc_eq_nil (by omega)]; rfl

/-- The interval from one to zero is empty. -/
@[simp]
theorem Icc_one_zero : Icc 1 0 = [] := rfl

/-- An interval has as many entries as numbers from its lower to its upper end. -/
theorem length_Icc (m n : Nat) : (Icc m n).length = n + 1 - m := by
  induction n with
  | zero =>
    cases m with
    | zero => rfl
    | succ m => rw [Icc_eq_nil (by omega)]; simp
  | succ n ih =>
    by_cases h : m ≤ n + 1
    · rw [Icc_succ h, List.length_append, ih, List.length_singleton]; omega
    · rw [Icc_eq_nil (by omega), List.length_nil]; omega

end List

namespace BigOperators

variable {α : Type u} {β : Type v}

/-! ## Sums -/

section Sum

variable [Add β] [OfNat β 0]

/-- An empty sum is zero. -/
@[simp]
theorem sum_nil (f : α → β) : ∑ i ∈ [], f i = 0 := rfl

/-- A sum over a list is its first term plus the sum of the others. -/
@[simp]
theorem sum_cons (a : α) (l : List α) (f : α → β) : ∑ i ∈ a :: l, f i = f a + ∑ i ∈ l, f i := rfl

/-- A sum over no indices is zero. -/
@[simp]
theorem sum_range_zero (f : Nat → β) : ∑ i < 0, f i = 0 := rfl

/-- Sums with equal terms are equal. -/
theorem sum_congr {l : List α} {f g : α → β} (h : ∀ i ∈ l, f i = g i) :
    ∑ i ∈ l, f i = ∑ i ∈ l, g i := by
  induction l with
  | nil => rfl
  | cons a l ih => rw [sum_cons, sum_cons, h a (by simp), ih fun i hi => h i (by simp [hi])]

variable [Std.Associative (α := β) (· + ·)] [Std.LawfulIdentity (α := β) (· + ·) 0]

/-- A sum over two lists one after the other. -/
theorem sum_append (l l' : List α) (f : α → β) :
    ∑ i ∈ l ++ l', f i = ∑ i ∈ l, f i + ∑ i ∈ l', f i := by
  induction l with
  | nil => exact (Std.LawfulLeftIdentity.left_id (op := (· + ·)) _).symm
  | cons a l ih =>
    rw [List.cons_append, sum_cons, sum_cons, ih]
    exact (Std.Associative.assoc (op := (· + ·)) _ _ _).symm

omit [Std.Associative (α := β) (· + ·)] in
/-- A sum over one index. -/
@[simp]
theorem sum_singleton (a : α) (f : α → β) : ∑ i ∈ [a], f i = f a :=
  Std.LawfulRightIdentity.right_id (op := (· + ·)) _

/-- Splits the last term off a sum. -/
theorem sum_range_succ (f : Nat → β) (n : Nat) : ∑ i < n + 1, f i = ∑ i < n, f i + f n := by
  rw [List.range_succ, sum_append, sum_singleton]

/-- Splits the first term off a sum. -/
theorem sum_range_succ' (f : Nat → β) (n : Nat) :
    ∑ i < n + 1, f i = f 0 + ∑ i < n, f (i + 1) := by
  induction n with
  | zero =>
    rw [sum_range_succ, sum_range_zero, sum_range_zero]
    exact (Std.LawfulLeftIdentity.left_id (op := (· + ·)) _).trans
      (Std.LawfulRightIdentity.right_id (op := (· + ·)) _).symm
  | succ n ih =>
    rw [sum_range_succ, ih, sum_range_succ]
    exact Std.Associative.assoc (op := (· + ·)) _ _ _

/-- Splits the last term off a sum over an interval. -/
theorem sum_Icc_succ {m n : Nat} (h : m ≤ n + 1) (f : Nat → β) :
    ∑ i ∈ List.Icc m (n + 1), f i = ∑ i ∈ List.Icc m n, f i + f (n + 1) := by
  rw [List.Icc_succ h, sum_append, sum_singleton]

variable [Std.Commutative (α := β) (· + ·)]

/-- The sum of sums is the sum of the termwise sums. -/
theorem sum_add_distrib (l : List α) (f g : α → β) :
    ∑ i ∈ l, (f i + g i) = ∑ i ∈ l, f i + ∑ i ∈ l, g i := by
  induction l with
  | nil => exact (Std.LawfulRightIdentity.right_id (op := (· + ·)) _).symm
  | cons a l ih =>
    rw [sum_cons, sum_cons, sum_cons, ih]
    have ha : ∀ x y z : β, x + y + z = x + (y + z) := Std.Associative.assoc (op := (· + ·))
    have hc : ∀ x y : β, x + y = y + x := Std.Commutative.comm (op := (· + ·))
    rw [ha, ha, ← ha (g a), hc (g a), ha (List.sumOver l f)]

end Sum

/-- A factor may be pulled out of a sum of natural numbers. -/
theorem _root_.Nat.mul_sum (c : Nat) (l : List α) (f : α → Nat) :
    c * ∑ i ∈ l, f i = ∑ i ∈ l, c * f i := by
  induction l with
  | nil => rfl
  | cons a l ih => rw [sum_cons, sum_cons, Nat.mul_add, ih]

/-- A factor may be pulled out of a sum of integers. -/
theorem _root_.Int.mul_sum (c : Int) (l : List α) (f : α → Int) :
    c * ∑ i ∈ l, f i = ∑ i ∈ l, c * f i := by
  induction l with
  | nil => simp
  | cons a l ih => rw [sum_cons, sum_cons, Int.mul_add, ih]

/-- A sum of `n` equal natural numbers. -/
theorem _root_.Nat.sum_const (l : List α) (c : Nat) : ∑ _i ∈ l, c = l.length * c := by
  induction l with
  | nil => simp
  | cons a l ih => rw [sum_cons, ih, List.length_cons, Nat.succ_mul, Nat.add_comm]

/-- Sums of natural numbers are compared term by term. -/
theorem _root_.Nat.sum_le_sum {l : List α} {f g : α → Nat} (h : ∀ i ∈ l, f i ≤ g i) :
    ∑ i ∈ l, f i ≤ ∑ i ∈ l, g i := by
  induction l with
  | nil => exact Nat.le_refl 0
  | cons a l ih => exact Nat.add_le_add (h a (by simp)) (ih fun i hi => h i (by simp [hi]))

/-- Sums of integers are compared term by term. -/
theorem _root_.Int.sum_le_sum {l : List α} {f g : α → Int} (h : ∀ i ∈ l, f i ≤ g i) :
    ∑ i ∈ l, f i ≤ ∑ i ∈ l, g i := by
  induction l with
  | nil => exact Int.le_refl 0
  | cons a l ih => exact Int.add_le_add (h a (by simp)) (ih fun i hi => h i (by simp [hi]))

/-- A sum of natural numbers, as an integer. -/
theorem _root_.Nat.cast_sum (l : List α) (f : α → Nat) :
    ((∑ i ∈ l, f i : Nat) : Int) = ∑ i ∈ l, (f i : Int) := by
  induction l with
  | nil => rfl
  | cons a l ih => rw [sum_cons, sum_cons, Int.natCast_add, ih]

/-- A telescoping sum of integers. -/
theorem _root_.Int.sum_range_sub (f : Nat → Int) (n : Nat) :
    ∑ i < n, (f (i + 1) - f i) = f n - f 0 := by
  induction n with
  | zero => simp
  | succ n ih => rw [sum_range_succ, ih]; omega

/-! ## Products -/

section Prod

variable [Mul β] [OfNat β 1]

/-- An empty product is one. -/
@[simp]
theorem prod_nil (f : α → β) : ∏ i ∈ [], f i = 1 := rfl

/-- A product over a list is its first factor times the product of the others. -/
@[simp]
theorem prod_cons (a : α) (l : List α) (f : α → β) :
    ∏ i ∈ a :: l, f i = f a * ∏ i ∈ l, f i := rfl

/-- A product over no indices is one. -/
@[simp]
theorem prod_range_zero (f : Nat → β) : ∏ i < 0, f i = 1 := rfl

variable [Std.Associative (α := β) (· * ·)] [Std.LawfulIdentity (α := β) (· * ·) 1]

/-- A product over two lists one after the other. -/
theorem prod_append (l l' : List α) (f : α → β) :
    ∏ i ∈ l ++ l', f i = (∏ i ∈ l, f i) * ∏ i ∈ l', f i := by
  induction l with
  | nil => exact (Std.LawfulLeftIdentity.left_id (op := (· * ·)) _).symm
  | cons a l ih =>
    rw [List.cons_append, prod_cons, prod_cons, ih]
    exact (Std.Associative.assoc (op := (· * ·)) _ _ _).symm

omit [Std.Associative (α := β) (· * ·)] in
/-- A product over one index. -/
@[simp]
theorem prod_singleton (a : α) (f : α → β) : ∏ i ∈ [a], f i = f a :=
  Std.LawfulRightIdentity.right_id (op := (· * ·)) _

/-- Splits the last factor off a product. -/
theorem prod_range_succ (f : Nat → β) (n : Nat) : ∏ i < n + 1, f i = (∏ i < n, f i) * f n := by
  rw [List.range_succ, prod_append, prod_singleton]

/-- Splits the last factor off a product over an interval. -/
theorem prod_Icc_succ {m n : Nat} (h : m ≤ n + 1) (f : Nat → β) :
    ∏ i ∈ List.Icc m (n + 1), f i = (∏ i ∈ List.Icc m n, f i) * f (n + 1) := by
  rw [List.Icc_succ h, prod_append, prod_singleton]

end Prod

/-- A natural number divides every product in which it is a factor. -/
theorem _root_.Nat.dvd_prod_of_mem {l : List α} (f : α → Nat) {a : α} (h : a ∈ l) :
    f a ∣ ∏ i ∈ l, f i := by
  induction l with
  | nil => simp at h
  | cons b l ih =>
    rcases List.mem_cons.1 h with rfl | h
    · exact Nat.dvd_mul_right _ _
    · exact Nat.dvd_mul_left_of_dvd (ih h) _

end BigOperators
