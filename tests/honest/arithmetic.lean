-- Kinds: plain theorems and examples about Nat and Int; omega, simp, decide, grind, norm_cast, calc, conv, rcases, induction.

theorem omega_halves (n : Nat) : n / 2 + (n + 1) / 2 = n := by omega

theorem omega_int (a b : Int) (h : 3 * a + 5 * b = 1) : a % 5 = 2 := by omega

theorem omega_hyps (x y z : Nat) (h₁ : x < y) (h₂ : y < z) : x + 2 ≤ z := by omega

theorem simp_arith (a b : Nat) : a + b + 0 = b + a := by
  simp [Nat.add_comm]

theorem decide_mod : ∀ x : Fin 7, (x * x * x = 0 ∨ x * x * x = 1 ∨ x * x * x = 6) := by decide

theorem grind_ring (a b c : Int) : (a + b + c) * (a + b + c)
    = a * a + b * b + c * c + 2 * a * b + 2 * b * c + 2 * c * a := by
  grind

theorem grind_linear (a b : Nat) (h : a = 2 * b + 1) : a % 2 = 1 := by grind

theorem calc_square (a b : Nat) (h : a ≤ b) : a * a + a ≤ b * b + b := by
  calc
    a * a + a ≤ a * b + a := Nat.add_le_add_right (Nat.mul_le_mul_left a h) a
    _ ≤ b * b + a := Nat.add_le_add_right (Nat.mul_le_mul_right b h) a
    _ ≤ b * b + b := Nat.add_le_add_left h (b * b)

theorem conv_swap (a b c : Nat) (h : b + a = c) : a + b + c = c + c := by
  conv =>
    lhs
    lhs
    rw [Nat.add_comm]
  rw [h]

theorem rcases_parity (n : Nat) : n * n % 4 = 0 ∨ n * n % 4 = 1 := by
  have h : n % 2 = 0 ∨ n % 2 = 1 := by omega
  rcases h with h | h
  · left
    obtain ⟨k, rfl⟩ : ∃ k, n = 2 * k := ⟨n / 2, by omega⟩
    rw [show 2 * k * (2 * k) = 4 * (k * k) by grind]
    omega
  · right
    obtain ⟨k, rfl⟩ : ∃ k, n = 2 * k + 1 := ⟨n / 2, by omega⟩
    rw [show (2 * k + 1) * (2 * k + 1) = 4 * (k * k + k) + 1 by grind]
    omega

theorem cast_sum (a b c : Nat) (h : a + b = c) : (a : Int) + (b : Int) = (c : Int) := by
  norm_cast

theorem cast_sub (a b : Nat) (h : b ≤ a) : ((a - b : Nat) : Int) = a - b := by
  omega

theorem two_pow_pos (n : Nat) : 0 < 2 ^ n := by
  induction n with
  | zero => decide
  | succ n ih => rw [Nat.pow_succ]; omega

theorem lt_two_pow (n : Nat) : n < 2 ^ n := by
  induction n with
  | zero => decide
  | succ n ih =>
    rw [Nat.pow_succ]
    omega

theorem exists_large (n : Nat) : ∃ m, m > n ∧ m % 3 = 0 :=
  ⟨3 * n + 3, by omega, by omega⟩

theorem pell_fails : ¬ ∃ x : Fin 8, x.val * x.val = 2 := by decide

theorem sub_self_twice (a b : Int) : a - (a - b) = b := by
  simp only [Int.sub_sub_self]

theorem min_max_sum (a b : Nat) : min a b + max a b = a + b := by
  rcases Nat.le_total a b with h | h <;> simp [Nat.min_def, Nat.max_def] <;> split <;> omega

theorem nat_abs_neg (a : Int) : (-a).natAbs = a.natAbs := by simp

theorem dvd_chain (a b c : Int) (h₁ : a ∣ b) (h₂ : b ∣ c) : a ∣ c + b := by
  exact Int.dvd_add (Int.dvd_trans h₁ h₂) h₁

example : 17 * 19 = 323 := rfl
example : (7 : Int) / (-2) = -3 := by decide
example (a b : Nat) (h : a < b) : ¬ b ≤ a := by omega
example (x : Int) (h : 0 ≤ x) : x.toNat = x := by omega
