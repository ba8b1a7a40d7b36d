import AfCore.List

/-!
# Small functional programs

This module owns a few programs over lists and numbers whose correctness is a good exercise:
insertion sort, functions with an accumulator, fast exponentiation, run-length encoding, binary
digits, and a compiler of arithmetic expressions for a stack machine.
-/

universe u

namespace List

variable {α : Type u} (r : α → α → Prop) [DecidableRel r]

/-- Inserts `a` into a list before the first entry `b` with `r a b`. -/
@[simp] def orderedInsert (a : α) : List α → List α
  | [] => [a]
  | b :: l => if r a b then a :: b :: l else b :: orderedInsert a l

/-- Sorts a list by inserting its entries one after the other into a sorted list. -/
@[simp] def insertionSort : List α → List α
  | [] => []
  | b :: l => orderedInsert r b (insertionSort l)

end List

namespace Program

variable {α : Type u}

/-- Moves the entries of the first list one by one to the front of the second list. -/
@[simp] def revOnto : List α → List α → List α
  | [], acc => acc
  | a :: l, acc => revOnto l (a :: acc)

/-- Adds the entries of a list to an accumulator. -/
@[simp] def sumOnto : List Nat → Nat → Nat
  | [], acc => acc
  | a :: l, acc => sumOnto l (acc + a)

/-- The power `b ^ n` by repeated squaring. -/
def fastPow (b n : Nat) : Nat :=
  if n = 0 then 1
  else if n % 2 = 0 then fastPow (b * b) (n / 2)
  else b * fastPow (b * b) (n / 2)
termination_by n
decreasing_by all_goals omega

/-- The entries of two lists in turn, beginning with the first entry of the first list; when one
list is used up, the rest of the other follows. -/
@[simp] def interleave : List α → List α → List α
  | [], m => m
  | a :: l, [] => a :: l
  | a :: l, b :: m => a :: b :: interleave l m

/-- The entries of a list at the positions `0, 2, 4, …` and those at the positions `1, 3, 5, …`. -/
@[simp] def unzip : List α → List α × List α
  | [] => ([], [])
  | [a] => ([a], [])
  | a :: b :: l => (a :: (unzip l).1, b :: (unzip l).2)

/-! ## Run-length encoding -/

/-- The list described by a run-length code: each pair `(n, a)` stands for `n` copies of `a`. -/
@[simp] def decode : List (Nat × α) → List α
  | [] => []
  | (n, a) :: c => List.replicate n a ++ decode c

/-- Puts one more copy of `a` in front of a run-length code. -/
@[simp] def encodeCons [DecidableEq α] (a : α) : List (Nat × α) → List (Nat × α)
  | [] => [(1, a)]
  | (n, b) :: c => if a = b then (n + 1, b) :: c else (1, a) :: (n, b) :: c

/-- The run-length code of a list: for each run of equal entries, its length and the entry. -/
@[simp] def encode [DecidableEq α] : List α → List (Nat × α)
  | [] => []
  | a :: l => encodeCons a (encode l)

/-! ## Binary digits -/

/-- The number with the given binary digits, the least significant digit first. -/
@[simp] def ofBits : List Bool → Nat
  | [] => 0
  | b :: l => (if b then 1 else 0) + 2 * ofBits l

/-- The binary digits of a number, the least significant digit first; none for `0`. -/
def bits (n : Nat) : List Bool :=
  if n = 0 then [] else (n % 2 == 1) :: bits (n / 2)
termination_by n
decreasing_by all_goals omega

@[simp] theorem bits_zero : bits 0 = [] := by rw [bits]; rfl

theorem bits_of_pos {n : Nat} (h : 0 < n) : bits n = (n % 2 == 1) :: bits (n / 2) := by
  rw [bits, if_neg (Nat.ne_of_gt h)]

/-! ## A compiler for a stack machine -/

/-- Arithmetic expressions with integer constants. -/
inductive Expr
  /-- A constant. -/
  | num (n : Int)
  /-- A sum. -/
  | add (a b : Expr)
  /-- A product. -/
  | mul (a b : Expr)

/-- The value of an expression. -/
@[simp] def Expr.eval : Expr → Int
  | num n => n
  | add a b => a.eval + b.eval
  | mul a b => a.eval * b.eval

/-- The instructions of a stack machine. -/
inductive Instr
  /-- Puts a number on top of the stack. -/
  | push (n : Int)
  /-- Replaces the two topmost numbers by their sum. -/
  | add
  /-- Replaces the two topmost numbers by their product. -/
  | mul

/-- The stack after one instruction; nothing happens if the stack is too small. -/
@[simp] def Instr.exec : Instr → List Int → List Int
  | push n, s => n :: s
  | add, b :: a :: s => (a + b) :: s
  | mul, b :: a :: s => (a * b) :: s
  | _, s => s

/-- The stack after running a program on it. -/
@[simp] def run : List Instr → List Int → List Int
  | [], s => s
  | i :: p, s => run p (i.exec s)

/-- The program of an expression: operands first, then the operation. -/
@[simp] def Expr.compile : Expr → List Instr
  | num n => [.push n]
  | add a b => a.compile ++ b.compile ++ [.add]
  | mul a b => a.compile ++ b.compile ++ [.mul]

end Program
