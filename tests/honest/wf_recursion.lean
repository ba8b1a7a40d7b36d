-- Kinds: well-founded recursion (termination_by, decreasing_by), functional induction, theorems that recurse by termination_by.

def myGcd (a b : Nat) : Nat :=
  if h : b = 0 then a else myGcd b (a % b)
termination_by b
decreasing_by exact Nat.mod_lt a (Nat.pos_of_ne_zero h)

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

def countUp (lo hi : Nat) : List Nat :=
  if lo < hi then lo :: countUp (lo + 1) hi else []
termination_by hi - lo

def divSub (a b : Nat) (hb : 0 < b) : Nat :=
  if _h : a < b then 0 else divSub (a - b) b hb + 1
termination_by a

def merge' : List Nat → List Nat → List Nat
  | [], ys => ys
  | xs, [] => xs
  | x :: xs, y :: ys => if x ≤ y then x :: merge' xs (y :: ys) else y :: merge' (x :: xs) ys
termination_by xs ys => xs.length + ys.length

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

theorem countUp_length (lo hi : Nat) : (countUp lo hi).length = hi - lo := by
  fun_induction countUp lo hi with
  | case1 lo h ih => simp [ih]; omega
  | case2 lo h => simp; omega

theorem mem_countUp (lo hi k : Nat) : k ∈ countUp lo hi ↔ lo ≤ k ∧ k < hi := by
  fun_induction countUp lo hi with
  | case1 lo h ih => simp [ih]; omega
  | case2 lo h => simp; omega

theorem divSub_eq (a b : Nat) (hb : 0 < b) : divSub a b hb = a / b := by
  fun_induction divSub a b hb with
  | case1 a h => rw [Nat.div_eq_of_lt h]
  | case2 a h ih => rw [ih, Nat.div_eq a b, if_pos ⟨hb, by omega⟩]

theorem merge'_length (xs ys : List Nat) : (merge' xs ys).length = xs.length + ys.length := by
  fun_induction merge' xs ys <;> simp_all <;> omega

theorem odd_part (n : Nat) (h : 0 < n) : ∃ k m, n = 2 ^ k * m ∧ m % 2 = 1 :=
  if ho : n % 2 = 1 then ⟨0, n, by simp, ho⟩
  else
    have ⟨k, m, hn, hm⟩ := odd_part (n / 2) (by omega)
    ⟨k + 1, m, by rw [Nat.pow_succ, Nat.mul_right_comm, ← hn]; omega, hm⟩
termination_by n
decreasing_by omega

theorem descend (p : Nat → Prop) (h : ∀ n, (∀ m, m < n → p m) → p n) (n : Nat) : p n :=
  h n fun m _ => descend p h m
termination_by n
