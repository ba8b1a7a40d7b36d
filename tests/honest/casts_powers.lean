-- Kinds: casts between Nat and Int (norm_cast, omega), powers by induction, absolute values, minimum and maximum, anonymous examples.

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
example (a b : Nat) (h : a ∣ b) (hb : 0 < b) : a ≤ b := Nat.le_of_dvd hb h
