-- Kinds: finite sums and products by recursion, closed forms by induction, binomial coefficients by two-argument recursion, exchange of summation, telescoping, inequalities.

def sum (n : Nat) (f : Nat → Nat) : Nat :=
  match n with
  | 0 => 0
  | n + 1 => sum n f + f n

def prod (n : Nat) (f : Nat → Nat) : Nat :=
  match n with
  | 0 => 1
  | n + 1 => prod n f * f n

def choose : Nat → Nat → Nat
  | _, 0 => 1
  | 0, _ + 1 => 0
  | n + 1, k + 1 => choose n k + choose n (k + 1)

def sumInt : Nat → (Nat → Int) → Int
  | 0, _ => 0
  | n + 1, f => sumInt n f + f n

@[simp] theorem sum_zero (f : Nat → Nat) : sum 0 f = 0 := rfl

@[simp] theorem sum_succ (n : Nat) (f : Nat → Nat) : sum (n + 1) f = sum n f + f n := rfl

theorem gauss (n : Nat) : 2 * sum n id = n * (n - 1) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [sum_succ, Nat.mul_add, ih]
    cases n with
    | zero => rfl
    | succ n => simp only [id, Nat.add_sub_cancel]; grind

theorem odd_sum (n : Nat) : sum n (fun k => 2 * k + 1) = n * n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sum_succ, ih]; grind

theorem cube_sum (n : Nat) : 4 * sum (n + 1) (fun k => k * k * k) = n * n * ((n + 1) * (n + 1)) := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sum_succ, Nat.mul_add, ih]; grind

theorem geometric (n : Nat) : sum n (2 ^ ·) + 1 = 2 ^ n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sum_succ, Nat.pow_succ]; omega

theorem sum_add (n : Nat) (f g : Nat → Nat) : sum n (fun k => f k + g k) = sum n f + sum n g := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [sum_succ, ih]; omega

theorem mul_sum (n c : Nat) (f : Nat → Nat) : c * sum n f = sum n fun k => c * f k := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [sum_succ, Nat.mul_add, ih]

theorem sum_comm (m n : Nat) (f : Nat → Nat → Nat) :
    (sum m fun i => sum n fun j => f i j) = sum n fun j => sum m fun i => f i j := by
  induction m with
  | zero =>
    induction n with
    | zero => rfl
    | succ n ih => simp only [sum_succ, sum_zero] at ih ⊢; omega
  | succ m ih => simp only [sum_succ, ih, sum_add]

theorem sum_le (n : Nat) (f g : Nat → Nat) (h : ∀ k, k < n → f k ≤ g k) : sum n f ≤ sum n g := by
  induction n with
  | zero => exact Nat.le_refl 0
  | succ n ih => exact Nat.add_le_add (ih fun k hk => h k (by omega)) (h n (by omega))

theorem sum_congr (n : Nat) (f g : Nat → Nat) (h : ∀ k, k < n → f k = g k) : sum n f = sum n g := by
  apply Nat.le_antisymm
  · exact sum_le n f g fun k hk => Nat.le_of_eq (h k hk)
  · exact sum_le n g f fun k hk => Nat.le_of_eq (h k hk).symm

theorem sum_split (m n : Nat) (f : Nat → Nat) : sum (m + n) f = sum m f + sum n fun k => f (m + k) := by
  induction n with
  | zero => rfl
  | succ n ih => rw [← Nat.add_assoc, sum_succ, ih, sum_succ, Nat.add_assoc]

theorem telescope (n : Nat) (f : Nat → Int) : sumInt n (fun k => f (k + 1) - f k) = f n - f 0 := by
  induction n with
  | zero => simp [sumInt]
  | succ n ih => rw [sumInt, ih]; omega

theorem prod_pos (n : Nat) (f : Nat → Nat) (h : ∀ k, 0 < f k) : 0 < prod n f := by
  induction n with
  | zero => exact Nat.one_pos
  | succ n ih => exact Nat.mul_pos ih (h n)

theorem prod_const (n c : Nat) : (prod n fun _ => c) = c ^ n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [prod, ih, Nat.pow_succ]

theorem choose_zero (n : Nat) : choose n 0 = 1 := by cases n <;> rfl

theorem choose_gt : ∀ n k, n < k → choose n k = 0
  | _, 0, h => absurd h (Nat.not_lt_zero _)
  | 0, _ + 1, _ => rfl
  | n + 1, k + 1, h => by rw [choose, choose_gt n k (by omega), choose_gt n (k + 1) (by omega)]

theorem choose_self (n : Nat) : choose n n = 1 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [choose, ih, choose_gt n (n + 1) (by omega)]

theorem choose_one (n : Nat) : choose n 1 = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [choose, ih, choose_zero, Nat.add_comm]

theorem choose_mul (n k : Nat) : (k + 1) * choose (n + 1) (k + 1) = (n + 1) * choose n k := by
  induction n generalizing k with
  | zero =>
    cases k with
    | zero => rfl
    | succ k => simp [choose]
  | succ n ih =>
    cases k with
    | zero => simp [choose_one, choose_zero]
    | succ k =>
      have h₁ := ih k
      have h₂ := ih (k + 1)
      rw [choose, Nat.mul_add, h₂, choose]
      grind [choose]

theorem choose_row_sum (n : Nat) : sum (n + 1) (choose n) = 2 ^ n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    have shift : ∀ m, sum (m + 1) (choose (n + 1)) = sum (m + 1) (choose n) + sum m (choose n) := by
      intro m
      induction m with
      | zero => simp [choose_zero]
      | succ m ihm =>
        rw [sum_succ, ihm, choose]
        simp only [sum_succ]
        omega
    rw [shift, sum_succ, choose_gt n (n + 1) (by omega), ih, Nat.pow_succ]
    omega
