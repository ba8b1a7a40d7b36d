-- Kinds: structural recursion (several arguments, nested patterns, course of values), brecOn by the compiler, hand-written Nat.rec and recOn terms.

def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

def fibIter : Nat → Nat → Nat → Nat
  | 0, a, _ => a
  | n + 1, a, b => fibIter n b (a + b)

def half : Nat → Nat
  | 0 => 0
  | 1 => 0
  | n + 2 => half n + 1

def addR : Nat → Nat → Nat
  | m, 0 => m
  | m, n + 1 => (addR m n).succ

def fact (n : Nat) : Nat := Nat.rec 1 (fun k r => (k + 1) * r) n

def pred' (n : Nat) : Nat := Nat.casesOn n 0 (fun k => k)

def sumUpTo (f : Nat → Nat) (n : Nat) : Nat :=
  n.recOn 0 (fun k acc => acc + f k)

def minus : Nat → Nat → Nat
  | 0, _ => 0
  | m + 1, 0 => m + 1
  | m + 1, n + 1 => minus m n

def interleave : List α → List α → List α
  | [], ys => ys
  | x :: xs, [] => x :: xs
  | x :: xs, y :: ys => x :: y :: interleave xs ys

theorem fib_ten : fib 10 = 55 := rfl

theorem fibIter_eq (n k : Nat) : fibIter n (fib k) (fib (k + 1)) = fib (n + k) := by
  induction n generalizing k with
  | zero => simp [fibIter]
  | succ n ih =>
    have h := ih (k + 1)
    rw [fibIter, show fib k + fib (k + 1) = fib (k + 1 + 1) from rfl, h]
    congr 1
    omega

theorem fib_fast (n : Nat) : fibIter n 0 1 = fib n := fibIter_eq n 0

theorem fib_pos : ∀ n, 0 < fib (n + 1)
  | 0 => by decide
  | 1 => by decide
  | n + 2 => by
    have : 0 < fib (n + 2) := fib_pos (n + 1)
    show 0 < fib (n + 1) + fib (n + 2)
    omega

theorem half_double (n : Nat) : half (n + n) = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [show n + 1 + (n + 1) = (n + n) + 2 by omega, half, ih]

theorem half_le : ∀ n, half n ≤ n
  | 0 => Nat.le_refl _
  | 1 => Nat.zero_le _
  | n + 2 => by
    have := half_le n
    simp only [half]
    omega

theorem half_eq (n : Nat) : half n = n / 2 := by
  fun_induction half n <;> omega

theorem addR_comm (m n : Nat) : addR m n = addR n m := by
  have zero (k : Nat) : addR 0 k = k := by
    induction k with
    | zero => rfl
    | succ k ih => rw [addR, ih]
  have succ (j k : Nat) : addR (j + 1) k = (addR j k).succ := by
    induction k with
    | zero => rfl
    | succ k ih => rw [addR, ih, addR]
  induction n with
  | zero => rw [zero]; rfl
  | succ n ih => rw [addR, ih, succ]

theorem fact_succ (n : Nat) : fact (n + 1) = (n + 1) * fact n := rfl

theorem fact_pos (n : Nat) : 0 < fact n :=
  Nat.rec (motive := fun n => 0 < fact n) Nat.one_pos
    (fun k ih => Nat.mul_pos (Nat.succ_pos k) ih) n

theorem pred'_eq (n : Nat) : pred' n = n - 1 :=
  Nat.casesOn (motive := fun n => pred' n = n - 1) n rfl (fun _ => rfl)

theorem sumUpTo_id (n : Nat) : 2 * sumUpTo (fun k => k) n + n = n * n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    have h : sumUpTo (fun k => k) (n + 1) = sumUpTo (fun k => k) n + n := rfl
    rw [h]
    grind

theorem sumUpTo_add (f g : Nat → Nat) (n : Nat) :
    sumUpTo (fun k => f k + g k) n = sumUpTo f n + sumUpTo g n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    show sumUpTo (fun k => f k + g k) n + (f n + g n) = sumUpTo f n + f n + (sumUpTo g n + g n)
    omega

theorem minus_self (n : Nat) : minus n n = 0 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [minus, ih]

theorem minus_eq (m n : Nat) : minus m n = m - n := by
  fun_induction minus m n <;> omega

theorem interleave_length (xs ys : List α) :
    (interleave xs ys).length = xs.length + ys.length := by
  fun_induction interleave xs ys with
  | case1 => simp
  | case2 => simp
  | case3 x xs y ys ih => simp [ih]; omega
