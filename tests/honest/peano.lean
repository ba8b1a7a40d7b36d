-- Kinds: Peano naturals from scratch (own type, OfNat, Add, Mul, LE instances), simp attributes, local notation, transfer to Nat, injective constructors.

inductive P where
  | zero
  | succ (n : P)
  deriving DecidableEq

namespace P

@[simp] def ofNat : Nat → P
  | 0 => zero
  | n + 1 => succ (ofNat n)

@[simp] def toNat : P → Nat
  | zero => 0
  | succ n => n.toNat + 1

instance : OfNat P n := ⟨ofNat n⟩

def add : P → P → P
  | m, zero => m
  | m, succ n => succ (add m n)

def mul : P → P → P
  | _, zero => zero
  | m, succ n => add (mul m n) m

instance : Add P := ⟨add⟩
instance : Mul P := ⟨mul⟩
instance : LE P := ⟨fun m n => ∃ k, m + k = n⟩

local notation "S" => P.succ
local postfix:max "⁺" => P.succ

theorem zero_def : (0 : P) = zero := rfl

@[simp] theorem add_zero (m : P) : m + 0 = m := rfl

theorem add_succ (m n : P) : m + S n = S (m + n) := rfl

@[simp] theorem zero_add (m : P) : 0 + m = m := by
  induction m with
  | zero => rfl
  | succ m ih => rw [add_succ, ih]

theorem succ_add (m n : P) : m⁺ + n = (m + n)⁺ := by
  induction n with
  | zero => rfl
  | succ n ih => rw [add_succ, ih, add_succ]

theorem add_comm (m n : P) : m + n = n + m := by
  induction n with
  | zero => exact (zero_add m).symm
  | succ n ih => rw [add_succ, ih, succ_add]

theorem add_assoc (k m n : P) : k + m + n = k + (m + n) := by
  induction n with
  | zero => rfl
  | succ n ih => rw [add_succ, ih, add_succ, add_succ]

theorem succ_ne_zero (m : P) : m⁺ ≠ 0 := nofun

theorem succ_inj {m n : P} (h : m⁺ = n⁺) : m = n := by
  injection h

theorem add_right_cancel {k m n : P} (h : m + k = n + k) : m = n := by
  induction k with
  | zero => exact h
  | succ k ih => exact ih (succ_inj h)

@[simp] theorem mul_zero (m : P) : m * 0 = 0 := rfl

theorem mul_succ (m n : P) : m * n⁺ = m * n + m := rfl

theorem mul_add (k m n : P) : k * (m + n) = k * m + k * n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [add_succ, mul_succ, ih, mul_succ, add_assoc]

@[simp] theorem zero_mul (m : P) : 0 * m = 0 := by
  induction m with
  | zero => rfl
  | succ m ih => rw [mul_succ, ih]; rfl

theorem succ_mul (m n : P) : m⁺ * n = m * n + n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [mul_succ, ih, mul_succ, add_succ, add_succ, add_assoc, add_comm n, ← add_assoc]

theorem mul_comm (m n : P) : m * n = n * m := by
  induction n with
  | zero => exact (zero_mul m).symm
  | succ n ih => rw [mul_succ, ih, succ_mul]

theorem le_refl (m : P) : m ≤ m := ⟨0, rfl⟩

theorem le_trans {k m n : P} : k ≤ m → m ≤ n → k ≤ n
  | ⟨a, ha⟩, ⟨b, hb⟩ => ⟨a + b, by rw [← add_assoc, ha, hb]⟩

theorem le_total (m n : P) : m ≤ n ∨ n ≤ m := by
  induction m with
  | zero => exact .inl ⟨n, zero_add n⟩
  | succ m ih =>
    rcases ih with ⟨k, hk⟩ | ⟨k, hk⟩
    · cases k with
      | zero => exact .inr ⟨1, hk ▸ rfl⟩
      | succ k => exact .inl ⟨k, by rw [succ_add, ← hk, add_succ]⟩
    · exact .inr ⟨k⁺, by rw [add_succ, hk]⟩

theorem toNat_add (m n : P) : (m + n).toNat = m.toNat + n.toNat := by
  induction n with
  | zero => rfl
  | succ n ih => rw [add_succ, toNat, ih]; rfl

theorem ofNat_toNat (m : P) : ofNat m.toNat = m := by
  induction m <;> simp_all

theorem toNat_ofNat (n : Nat) : (ofNat n).toNat = n := by
  induction n <;> simp_all

theorem two_times_three : (2 : P) * 3 = 6 := rfl

theorem dec_ne : (2 : P) ≠ 3 := by decide

end P
