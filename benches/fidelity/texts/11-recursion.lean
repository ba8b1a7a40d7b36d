def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

theorem fib_ten : fib 10 = 55 := by rfl
theorem fib_ten' : fib 10 = 54 := by decide

def half (n : Nat) : Nat := if h : n < 2 then 0 else half (n - 2) + 1
termination_by n

theorem half_le (n : Nat) : half n ≤ n := by
  fun_induction half n <;> omega

theorem half_ten : half 10 = 5 := by decide
theorem half_ten' : half 10 = 5 := by simp [half]

def collatz (n : Nat) : Nat := if n ≤ 1 then 0 else if n % 2 = 0 then collatz (n / 2) + 1 else collatz (3 * n + 1) + 1

def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)
termination_by m n => (m, n)

theorem circular (n : Nat) : n = n + 1 := circular n

def bad (n : Nat) : Nat := bad (n + 1)
termination_by n
decreasing_by omega
