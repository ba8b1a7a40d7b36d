-- Kinds: integers and rationals of core, Gaussian integers as a structure with ring operations, sign function by integer patterns, two-sided induction on Int.

@[ext] structure Gauss where
  re : Int
  im : Int
  deriving DecidableEq, Repr

namespace Gauss

instance : Add Gauss := ⟨fun a b => ⟨a.re + b.re, a.im + b.im⟩⟩
instance : Mul Gauss := ⟨fun a b => ⟨a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re⟩⟩
instance : Neg Gauss := ⟨fun a => ⟨-a.re, -a.im⟩⟩
instance : OfNat Gauss n := ⟨⟨n, 0⟩⟩

def i : Gauss := ⟨0, 1⟩
def conj (a : Gauss) : Gauss := ⟨a.re, -a.im⟩
def norm (a : Gauss) : Int := a.re * a.re + a.im * a.im

@[simp] theorem add_re (a b : Gauss) : (a + b).re = a.re + b.re := rfl
@[simp] theorem add_im (a b : Gauss) : (a + b).im = a.im + b.im := rfl
@[simp] theorem mul_re (a b : Gauss) : (a * b).re = a.re * b.re - a.im * b.im := rfl
@[simp] theorem mul_im (a b : Gauss) : (a * b).im = a.re * b.im + a.im * b.re := rfl

theorem i_squared : i * i = -1 := by decide

theorem mul_comm (a b : Gauss) : a * b = b * a := by
  ext <;> simp <;> grind

theorem mul_assoc (a b c : Gauss) : a * b * c = a * (b * c) := by
  ext <;> simp <;> grind

theorem mul_add (a b c : Gauss) : a * (b + c) = a * b + a * c := by
  ext <;> simp <;> grind

theorem norm_mul (a b : Gauss) : (a * b).norm = a.norm * b.norm := by
  simp only [norm, mul_re, mul_im]
  grind

theorem conj_conj (a : Gauss) : a.conj.conj = a := by
  ext <;> simp [conj]

theorem conj_mul (a b : Gauss) : (a * b).conj = a.conj * b.conj := by
  ext <;> simp [conj] <;> grind

theorem norm_nonneg (a : Gauss) : 0 ≤ a.norm := by
  have sq (x : Int) : 0 ≤ x * x := by
    rcases Int.le_total 0 x with h | h
    · exact Int.mul_nonneg h h
    · have := Int.mul_nonneg (Int.neg_nonneg_of_nonpos h) (Int.neg_nonneg_of_nonpos h)
      rwa [Int.neg_mul_neg] at this
  exact Int.add_nonneg (sq a.re) (sq a.im)

end Gauss

def sgn : Int → Int
  | .ofNat 0 => 0
  | .ofNat (_ + 1) => 1
  | .negSucc _ => -1

theorem sgn_mul_abs (a : Int) : sgn a * a.natAbs = a := by
  match a with
  | .ofNat 0 => rfl
  | .ofNat (n + 1) => simp [sgn]; omega
  | .negSucc n => simp [sgn]; omega

theorem sgn_neg (a : Int) : sgn (-a) = -sgn a := by
  match a with
  | .ofNat 0 => rfl
  | .ofNat (n + 1) => rfl
  | .negSucc n => rfl

theorem int_two_sided (p : Int → Prop) (h₀ : p 0) (hs : ∀ n, p n → p (n + 1)) (hp : ∀ n, p n → p (n - 1)) (n : Int) : p n := by
  have up : ∀ k : Nat, p k := fun k => by
    induction k with
    | zero => exact h₀
    | succ k ih => exact hs k ih
  have down : ∀ k : Nat, p (-k) := fun k => by
    induction k with
    | zero => exact h₀
    | succ k ih =>
      have := hp _ ih
      rwa [show (-(k : Int) - 1) = -((k + 1 : Nat) : Int) by omega] at this
  rcases Int.le_total 0 n with h | h
  · have := up n.toNat
    rwa [Int.toNat_of_nonneg h] at this
  · have := down (-n).toNat
    rwa [Int.toNat_of_nonneg (by omega), Int.neg_neg] at this

theorem abs_triangle (a b : Int) : (a + b).natAbs ≤ a.natAbs + b.natAbs := by omega

theorem emod_pattern (a : Int) (h : a % 3 = 2) : a * a % 3 = 1 := by
  obtain ⟨k, rfl⟩ : ∃ k, a = 3 * k + 2 := ⟨a / 3, by omega⟩
  rw [show (3 * k + 2) * (3 * k + 2) = 3 * (3 * k * k + 4 * k + 1) + 1 by grind]
  omega

theorem rat_half : (1 / 2 : Rat) + 1 / 2 = 1 := by grind

theorem rat_linear (x : Rat) (h : 2 * x = 3) : 4 * x = 6 := by grind

theorem no_int_between (n m : Int) : ¬ (n < m ∧ m < n + 1) := by omega

theorem linear_system (x y : Int) (h₁ : 2 * x + y = 7) (h₂ : x - y = 2) : x = 3 ∧ y = 1 := by omega
