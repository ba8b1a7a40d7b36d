import AfCore.Sum
/-!
# Counting

Owns factorials `n !`, binomial coefficients `Nat.choose n k`, the number `Nat.count p n` of numbers
below `n` with a property, finite types of a given size (`HasCard α n`), and the pigeonhole
principle.
-/

namespace Nat

/-! ## Factorials -/

/-- The factorial `n! = 1 * 2 * … * n`. -/
def factorial : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * factorial n

@[inherit_doc] scoped notation:10000 n "!" => Nat.factorial n

/-- The factorial of zero. -/
@[simp]
theorem factorial_zero : factorial 0 = 1 := rfl

/-- The recursion of the factorial. -/
theorem factorial_succ (n : Nat) : (n + 1)! = (n + 1) * n ! := rfl

/-- Factorials are positive. -/
theorem factorial_pos (n : Nat) : 0 < n ! := by
  induction n with
  | zero => decide
  | succ n ih => exact Nat.mul_pos (by omega) ih

/-- A positive number divides the factorial of every number that is not smaller. -/
theorem dvd_factorial {m n : Nat} (hm : 0 < m) (h : m ≤ n) : m ∣ n ! := by
  induction n with
  | zero => omega
  | succ n ih =>
    by_cases hmn : m = n + 1
    · rw [hmn]; exact Nat.dvd_mul_right _ _
    · exact Nat.dvd_mul_left_of_dvd (ih (by omega)) _

/-- The factorial of a smaller number divides the factorial of a larger one. -/
theorem factorial_dvd_factorial {m n : Nat} (h : m ≤ n) : m ! ∣ n ! := by
  induction n with
  | zero => rw [Nat.le_zero.1 h]; exact Nat.dvd_refl _
  | succ n ih =>
    by_cases hmn : m = n + 1
    · exact hmn ▸ Nat.dvd_refl _
    · exact Nat.dvd_mul_left_of_dvd (ih (by omega)) _

/-! ## Binomial coefficients -/

/-- The binomial coefficient `n choose k`, by Pascal's rule: the number of ways to choose `k` of
`n` things. -/
def choose : Nat → Nat → Nat
  | _, 0 => 1
  | 0, _ + 1 => 0
  | n + 1, k + 1 => choose n k + choose n (k + 1)

/-- There is one way to choose nothing. -/
@[simp]
theorem choose_zero_right (n : Nat) : choose n 0 = 1 := by
  cases n <;> rfl

/-- Nothing can be chosen of nothing. -/
@[simp]
theorem choose_zero_succ (k : Nat) : choose 0 (k + 1) = 0 := rfl

/-- Pascal's rule. -/
theorem choose_succ_succ (n k : Nat) :
    choose (n + 1) (k + 1) = choose n k + choose n (k + 1) := rfl

/-- One cannot choose more things than there are. -/
theorem choose_eq_zero_of_lt {n k : Nat} (h : n < k) : choose n k = 0 := by
  induction n generalizing k with
  | zero =>
    obtain ⟨k, rfl⟩ : ∃ l, k = l + 1 := ⟨k - 1, by omega⟩
    rfl
  | succ n ih =>
    obtain ⟨k, rfl⟩ : ∃ l, k = l + 1 := ⟨k - 1, by omega⟩
    rw [choose_succ_succ, ih (by omega), ih (by omega)]

/-- There is one way to choose everything. -/
@[simp]
theorem choose_self (n : Nat) : choose n n = 1 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [choose_succ_succ, ih, choose_eq_zero_of_lt (by omega)]

/-- There are `n` ways to choose one thing. -/
@[simp]
theorem choose_one_right (n : Nat) : choose n 1 = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [choose_succ_succ, ih, choose_zero_right, Nat.add_comm]

/-- The absorption identity. -/
theorem succ_mul_choose_eq (n k : Nat) :
    (n + 1) * choose n k = choose (n + 1) (k + 1) * (k + 1) := by
  induction n generalizing k with
  | zero => cases k <;> simp [choose]
  | succ n ih =>
    cases k with
    | zero => rw [choose_zero_right, Nat.zero_add, choose_one_right]
    | succ k =>
      have h1 := ih k
      have h2 := ih (k + 1)
      rw [choose_succ_succ (n + 1) (k + 1)]
      have h3 := choose_succ_succ n k
      grind

/-- A product of a binomial coefficient and two factorials is a factorial. -/
theorem choose_mul_factorial_mul_factorial (a b : Nat) :
    choose (a + b) a * a ! * b ! = (a + b)! := by
  induction a with
  | zero => simp
  | succ a ih =>
    have h := succ_mul_choose_eq (a + b) a
    have e : a + 1 + b = a + b + 1 := by omega
    rw [e, factorial_succ, factorial_succ, ← ih]
    grind

/-- Choosing `a` of `a + b` things is the same as leaving out `b`. -/
theorem choose_symm_add (a b : Nat) : choose (a + b) a = choose (a + b) b := by
  have h1 := choose_mul_factorial_mul_factorial a b
  have h2 := choose_mul_factorial_mul_factorial b a
  have e : b + a = a + b := Nat.add_comm b a
  rw [e, Nat.mul_assoc, Nat.mul_comm (b !), ← Nat.mul_assoc, ← h1] at h2
  exact (Nat.eq_of_mul_eq_mul_right (factorial_pos a)
    (Nat.eq_of_mul_eq_mul_right (factorial_pos b) h2)).symm

/-! ## Counting numbers with a property -/

/-- The number of natural numbers below `n` that have the property `p`. -/
def count (p : Nat → Prop) [DecidablePred p] : Nat → Nat
  | 0 => 0
  | n + 1 => count p n + if p n then 1 else 0

/-- No number is below zero. -/
@[simp]
theorem count_zero (p : Nat → Prop) [DecidablePred p] : count p 0 = 0 := rfl

/-- Counting up to the next number. -/
theorem count_succ (p : Nat → Prop) [DecidablePred p] (n : Nat) :
    count p (n + 1) = count p n + if p n then 1 else 0 := rfl

/-- At most `n` numbers below `n` have a property. -/
theorem count_le (p : Nat → Prop) [DecidablePred p] (n : Nat) : count p n ≤ n := by
  induction n with
  | zero => exact Nat.le_refl 0
  | succ n ih => rw [count_succ]; split <;> omega

end Nat

/-! ## The pigeonhole principle -/

namespace Fin

/-- Auxiliary form of the pigeonhole principle: an injective map of `0, …, m - 1` to
`0, …, n - 1` exists only if `m ≤ n`. -/
theorem le_of_injective_aux (n m : Nat) (f : Nat → Nat) (hf : ∀ i, i < m → f i < n)
    (hi : ∀ i j, i < m → j < m → f i = f j → i = j) : m ≤ n := by
  induction n generalizing m f with
  | zero =>
    rcases Nat.eq_zero_or_pos m with h | h
    · omega
    · exact absurd (hf 0 h) (by omega)
  | succ n ih =>
    cases m with
    | zero => omega
    | succ k =>
      have hk : ∀ i, i < k → f i = n → f k ≠ n := fun i h e e' =>
        absurd (hi i k (by omega) (by omega) (e.trans e'.symm)) (by omega)
      have := ih k (fun i => if f i = n then f k else f i)
        (fun i h => by
          by_cases e : f i = n
          · simp only [e, if_true]
            exact Nat.lt_of_le_of_ne (Nat.le_of_lt_succ (hf k (by omega))) (hk i h e)
          · simp only [e, if_false]
            exact Nat.lt_of_le_of_ne (Nat.le_of_lt_succ (hf i (by omega))) e)
        (fun i j h h' he => by
          by_cases e : f i = n <;> by_cases e' : f j = n <;>
            simp only [e, e', if_true, if_false] at he
          · exact hi i j (by omega) (by omega) (e.trans e'.symm)
          · exact absurd (hi k j (by omega) (by omega) he) (by omega)
          · exact absurd (hi i k (by omega) (by omega) he) (by omega)
          · exact hi i j (by omega) (by omega) he)
      omega

/-- A set of `m` elements can be mapped injectively to one of `n` elements only if `m ≤ n`. -/
theorem le_of_injective {m n : Nat} (f : Fin m → Fin n) (hf : Function.Injective f) : m ≤ n := by
  refine le_of_injective_aux n m (fun i => if h : i < m then (f ⟨i, h⟩).val else 0) ?_ ?_
  · intro i h
    simp only [h, dite_true]
    exact (f ⟨i, h⟩).isLt
  · intro i j h h' he
    simp only [h, h', dite_true] at he
    exact congrArg Fin.val (hf (Fin.ext he))

/-- The pigeonhole principle: a map to a smaller set takes some value twice. -/
theorem exists_ne_map_eq_of_lt {m n : Nat} (h : n < m) (f : Fin m → Fin n) :
    ∃ i j, i ≠ j ∧ f i = f j := by
  apply Classical.byContradiction
  intro hn
  refine absurd (le_of_injective f fun i j hij => ?_) (by omega)
  apply Classical.byContradiction
  intro hne
  exact hn ⟨i, j, hne, hij⟩

/-- An injective map of a finite set to itself is surjective. -/
theorem surjective_of_injective {n : Nat} (f : Fin n → Fin n) (hf : Function.Injective f) :
    Function.Surjective f := by
  intro y
  apply Classical.byContradiction
  intro hy
  have := le_of_injective (m := n + 1) (n := n)
    (fun i => if h : i.val < n then f ⟨i.val, h⟩ else y) (by
      intro i j hij
      dsimp only at hij
      split at hij <;> split at hij
      · exact Fin.ext (by simpa using congrArg Fin.val (hf hij))
      · exact absurd ⟨_, hij⟩ hy
      · exact absurd ⟨_, hij.symm⟩ hy
      · exact Fin.ext (by omega))
  omega

end Fin

/-! ## Finite types -/

/-- The type `α` has exactly `n` elements: it is in bijection with `0, …, n - 1`. -/
def HasCard (α : Type u) (n : Nat) : Prop :=
  ∃ f : α → Fin n, Function.Injective f ∧ Function.Surjective f

namespace HasCard

/-- The type `Fin n` has `n` elements. -/
theorem fin (n : Nat) : HasCard (Fin n) n :=
  ⟨id, fun _ _ h => h, fun y => ⟨y, rfl⟩⟩

/-- A type in bijection with one of `n` elements has `n` elements. -/
theorem of_bijective {α : Type u} {β : Type v} {n : Nat} (f : α → β) (hi : Function.Injective f)
    (hs : Function.Surjective f) (h : HasCard β n) : HasCard α n := by
  obtain ⟨g, gi, gs⟩ := h
  refine ⟨fun a => g (f a), fun a b hab => hi (gi hab), fun y => ?_⟩
  obtain ⟨b, rfl⟩ := gs y
  obtain ⟨a, rfl⟩ := hs b
  exact ⟨a, rfl⟩

/-- If `α` maps injectively to `β` then it has at most as many elements. -/
theorem le_of_injective {α : Type u} {β : Type v} {m n : Nat} (hα : HasCard α m)
    (hβ : HasCard β n) (f : α → β) (hf : Function.Injective f) : m ≤ n := by
  obtain ⟨g, _, gs⟩ := hα
  obtain ⟨h, hi, _⟩ := hβ
  refine Fin.le_of_injective (fun i => h (f (Classical.choose (gs i)))) fun i j hij => ?_
  have e := hf (hi hij)
  rw [← Classical.choose_spec (gs i), ← Classical.choose_spec (gs j), e]

/-- The number of elements is unique. -/
theorem unique {α : Type u} {m n : Nat} (hm : HasCard α m) (hn : HasCard α n) : m = n :=
  Nat.le_antisymm (le_of_injective hm hn id fun _ _ h => h)
    (le_of_injective hn hm id fun _ _ h => h)

/-- The rule of product: there are `m * n` pairs. -/
theorem prod {α : Type u} {β : Type v} {m n : Nat} (hα : HasCard α m) (hβ : HasCard β n) :
    HasCard (α × β) (m * n) := by
  obtain ⟨f, fi, fs⟩ := hα
  obtain ⟨g, gi, gs⟩ := hβ
  refine ⟨fun p => ⟨n * (f p.1).val + (g p.2).val, ?_⟩, ?_, ?_⟩
  · have h1 : n * ((f p.1).val + 1) ≤ n * m := Nat.mul_le_mul_left n (f p.1).isLt
    have h2 := (g p.2).isLt
    rw [Nat.mul_comm m n]
    rw [Nat.mul_add] at h1
    omega
  · rintro ⟨a, b⟩ ⟨a', b'⟩ h
    have h := congrArg Fin.val h
    dsimp only at h
    have hb := (g b).isLt
    have hb' := (g b').isLt
    have h1 : (n * (f a).val + (g b).val) % n = (n * (f a').val + (g b').val) % n := by rw [h]
    rw [Nat.mul_add_mod, Nat.mul_add_mod, Nat.mod_eq_of_lt hb, Nat.mod_eq_of_lt hb'] at h1
    have h2 : (f a).val = (f a').val :=
      Nat.eq_of_mul_eq_mul_left (by omega : 0 < n) (by omega)
    rw [fi (Fin.ext h2), gi (Fin.ext h1)]
  · intro y
    have hn : 0 < n := Nat.pos_of_ne_zero fun h => by
      have := y.isLt
      simp [h] at this
    obtain ⟨a, ha⟩ := fs ⟨y.val / n, Nat.div_lt_of_lt_mul (Nat.mul_comm m n ▸ y.isLt)⟩
    obtain ⟨b, hb⟩ := gs ⟨y.val % n, Nat.mod_lt _ hn⟩
    refine ⟨(a, b), Fin.ext ?_⟩
    simp only [ha, hb]
    exact Nat.div_add_mod y.val n

/-- The rule of sum: a disjoint union of `m` and `n` elements has `m + n` elements. -/
theorem sum {α : Type u} {β : Type v} {m n : Nat} (hα : HasCard α m) (hβ : HasCard β n) :
    HasCard (α ⊕ β) (m + n) := by
  obtain ⟨f, fi, fs⟩ := hα
  obtain ⟨g, gi, gs⟩ := hβ
  refine ⟨fun s => match s with
    | .inl a => ⟨(f a).val, by have := (f a).isLt; omega⟩
    | .inr b => ⟨m + (g b).val, by have := (g b).isLt; omega⟩, ?_, ?_⟩
  · rintro (a | b) (a' | b') h <;> have h := congrArg Fin.val h <;> dsimp only at h
    · rw [fi (Fin.ext h)]
    · have := (f a).isLt
      omega
    · have := (f a').isLt
      omega
    · have e : (g b).val = (g b').val := by omega
      rw [gi (Fin.ext e)]
  · intro y
    by_cases hy : y.val < m
    · obtain ⟨a, ha⟩ := fs ⟨y.val, hy⟩
      exact ⟨.inl a, Fin.ext (by simp [ha])⟩
    · obtain ⟨b, hb⟩ := gs ⟨y.val - m, by have := y.isLt; omega⟩
      exact ⟨.inr b, Fin.ext (by simp only [hb]; omega)⟩

/-- There are two truth values. -/
theorem bool : HasCard Bool 2 :=
  ⟨fun b => if b then 1 else 0, by
    rintro (_ | _) (_ | _) <;> simp, by
    intro y
    rcases (by omega : y = 0 ∨ y = 1) with rfl | rfl
    · exact ⟨false, rfl⟩
    · exact ⟨true, rfl⟩⟩

/-- There are `n ^ k` functions from `k` things to `n` things. -/
theorem pi {α : Type u} {n : Nat} (hα : HasCard α n) (k : Nat) : HasCard (Fin k → α) (n ^ k) := by
  induction k with
  | zero =>
    exact ⟨fun _ => 0, fun f g _ => funext fun i => i.elim0,
      fun y => ⟨fun i => i.elim0, by rw [Subsingleton.elim (α := Fin 1) y 0]⟩⟩
  | succ k ih =>
    rw [Nat.pow_succ]
    refine of_bijective (fun f => ((fun i => f i.castSucc), f (Fin.last k))) ?_ ?_ (prod ih hα)
    · intro f g h
      simp only [Prod.mk.injEq] at h
      funext i
      by_cases hi : i.val < k
      · exact congrFun h.1 ⟨i.val, hi⟩
      · have : i = Fin.last k := Fin.ext (by have := i.isLt; simp; omega)
        rw [this]
        exact h.2
    · rintro ⟨f, a⟩
      refine ⟨fun i => if h : i.val < k then f ⟨i.val, h⟩ else a, ?_⟩
      simp

end HasCard
