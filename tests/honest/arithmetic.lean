-- Kinds: plain theorems and examples about Nat and Int; omega, simp, decide, grind, calc, conv, rcases.

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
