-- Kinds: well-founded recursion (termination_by, decreasing_by), functional induction, lexicographic measures.

def myGcd (a b : Nat) : Nat :=
  if b = 0 then a else myGcd b (a % b)
termination_by b
decreasing_by exact Nat.mod_lt a (Nat.pos_of_ne_zero ‹¬ b = 0›)

def digits (n : Nat) : List Nat :=
  if n < 10 then [n] else n % 10 :: digits (n / 10)
termination_by n
decreasing_by all_goals omega

def log2' (n : Nat) : Nat :=
  if n ≤ 1 then 0 else log2' (n / 2) + 1
termination_by n
decreasing_by omega

def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)
termination_by m n => (m, n)

theorem myGcd_eq (a b : Nat) : myGcd a b = Nat.gcd a b := by
  fun_induction myGcd a b with
  | case1 a => simp
  | case2 a b h ih => rw [ih, Nat.gcd_comm b, ← Nat.gcd_rec, Nat.gcd_comm]

theorem myGcd_dvd_left (a b : Nat) : myGcd a b ∣ a := by
  rw [myGcd_eq]
  exact Nat.gcd_dvd_left a b

theorem digits_ne_nil (n : Nat) : digits n ≠ [] := by
  unfold digits
  split <;> simp

theorem digits_lt (n d : Nat) (h : d ∈ digits n) : d < 10 := by
  induction n using digits.induct with
  | case1 n hn =>
    rw [digits, if_pos hn] at h
    simp at h
    omega
  | case2 n hn ih =>
    rw [digits, if_neg hn] at h
    rcases List.mem_cons.mp h with h | h
    · omega
    · exact ih h

theorem log2'_pow (k : Nat) : log2' (2 ^ k) = k := by
  induction k with
  | zero => simp [log2']
  | succ k ih =>
    have h : 0 < 2 ^ k := Nat.pow_pos (by decide)
    rw [log2', if_neg (by rw [Nat.pow_succ]; omega), Nat.pow_succ, Nat.mul_div_cancel _ (by decide), ih]

theorem two_pow_log2'_le (n : Nat) (h : 0 < n) : 2 ^ log2' n ≤ n := by
  fun_induction log2' n with
  | case1 n hn => simpa using h
  | case2 n hn ih =>
    have := ih (by omega)
    rw [Nat.pow_succ]
    omega

theorem ack_zero (n : Nat) : ack 0 n = n + 1 := by rw [ack]

theorem ack_one (n : Nat) : ack 1 n = n + 2 := by
  induction n with
  | zero => simp [ack]
  | succ n ih => rw [ack, ih, ack_zero]

theorem ack_pos : ∀ m n, 0 < ack m n
  | 0, n => by rw [ack]; omega
  | m + 1, 0 => by rw [ack]; exact ack_pos m 1
  | m + 1, n + 1 => by rw [ack]; exact ack_pos m _
termination_by m n => (m, n)

theorem lt_ack (m n : Nat) : n < ack m n := by
  fun_induction ack m n with
  | case1 n => omega
  | case2 m ih => omega
  | case3 m n ih₁ ih₂ => omega
