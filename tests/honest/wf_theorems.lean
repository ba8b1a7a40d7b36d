-- Kinds: well-founded recursion over differences and sums of lengths, theorems proved by well-founded recursion, strong induction by hand.

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

theorem even_or_odd_rec (n : Nat) : (∃ k, n = 2 * k) ∨ ∃ k, n = 2 * k + 1 :=
  match n with
  | 0 => .inl ⟨0, rfl⟩
  | 1 => .inr ⟨0, rfl⟩
  | n + 2 =>
    match even_or_odd_rec n with
    | .inl ⟨k, h⟩ => .inl ⟨k + 1, by omega⟩
    | .inr ⟨k, h⟩ => .inr ⟨k + 1, by omega⟩
termination_by n
decreasing_by all_goals omega

theorem sum_of_powers (n : Nat) (h : 0 < n) : ∃ k, 2 ^ k ≤ n ∧ n < 2 ^ (k + 1) :=
  if h₁ : n = 1 then ⟨0, by subst h₁; decide⟩
  else
    have ⟨k, h₂, h₃⟩ := sum_of_powers (n / 2) (by omega)
    ⟨k + 1, by rw [Nat.pow_succ]; omega, by rw [Nat.pow_succ]; omega⟩
termination_by n
decreasing_by omega

theorem list_last (xs : List α) (h : xs ≠ []) : ∃ ys y, xs = ys ++ [y] :=
  match xs, h with
  | [x], _ => ⟨[], x, rfl⟩
  | x :: y :: rest, _ =>
    have ⟨ys, z, hz⟩ := list_last (y :: rest) (by simp)
    ⟨x :: ys, z, by rw [hz]; rfl⟩
termination_by xs.length
