-- Kinds: inductive predicates (parity, transitive closure, permutation, sortedness, evenness by index), inversion by cases, rule induction.

inductive EvenP : Nat → Prop where
  | zero : EvenP 0
  | add_two {n : Nat} (h : EvenP n) : EvenP (n + 2)

inductive Path {α : Type u} (r : α → α → Prop) : α → α → Prop where
  | refl (a : α) : Path r a a
  | step {a b c : α} : r a b → Path r b c → Path r a c

inductive Le : Nat → Nat → Prop
  | refl : Le n n
  | succ : Le n m → Le n (m + 1)

inductive Pm : List α → List α → Prop
  | nil : Pm [] []
  | cons (x : α) : Pm xs ys → Pm (x :: xs) (x :: ys)
  | swap (x y : α) (xs : List α) : Pm (x :: y :: xs) (y :: x :: xs)
  | trans : Pm xs ys → Pm ys zs → Pm xs zs

inductive In (a : α) : List α → Prop
  | here : In a (a :: xs)
  | there : In a xs → In a (x :: xs)

inductive Collatz : Nat → Prop
  | one : Collatz 1
  | even (n : Nat) : n % 2 = 0 → Collatz (n / 2) → Collatz n
  | odd (n : Nat) : n % 2 = 1 → Collatz (3 * n + 1) → Collatz n

inductive Dup : {α : Type} → List α → Prop
  | stut {α : Type} (a : α) (xs : List α) : Dup (a :: a :: xs)
  | tail {α : Type} (a : α) (xs : List α) : Dup xs → Dup (a :: xs)

theorem evenP_iff (n : Nat) : EvenP n ↔ n % 2 = 0 := by
  constructor
  · intro h
    induction h with
    | zero => rfl
    | add_two _ ih => omega
  · induction n using Nat.strongRecOn with
    | ind n ih =>
      intro h
      match n, h with
      | 0, _ => exact .zero
      | n + 2, h => exact .add_two (ih n (by omega) (by omega))

theorem evenP_inv (n : Nat) (h : EvenP (n + 2)) : EvenP n := by
  cases h with
  | add_two h => exact h

theorem not_evenP_one : ¬ EvenP 1 := nofun

theorem evenP_add (h₁ : EvenP m) (h₂ : EvenP n) : EvenP (m + n) := by
  induction h₂ with
  | zero => exact h₁
  | add_two _ ih => exact .add_two ih

theorem Path.trans {r : α → α → Prop} (h₁ : Path r a b) (h₂ : Path r b c) : Path r a c := by
  induction h₁ with
  | refl => exact h₂
  | step h _ ih => exact .step h (ih h₂)

theorem Path.snoc {r : α → α → Prop} (h₁ : Path r a b) (h₂ : r b c) : Path r a c :=
  h₁.trans (.step h₂ (.refl c))

theorem Path.symm {r : α → α → Prop} (hr : ∀ a b, r a b → r b a) (h : Path r a b) : Path r b a := by
  induction h with
  | refl => exact .refl _
  | step h _ ih => exact ih.snoc (hr _ _ h)

theorem Path.lift {r : α → α → Prop} {s : β → β → Prop} (f : α → β)
    (hf : ∀ a b, r a b → s (f a) (f b)) (h : Path r a b) : Path s (f a) (f b) := by
  induction h with
  | refl a => exact .refl (f a)
  | step h _ ih => exact .step (hf _ _ h) ih

theorem Path.invariant {r : α → α → Prop} (p : α → Prop) (hp : ∀ a b, r a b → p a → p b)
    (h : Path r a b) : p a → p b := by
  induction h with
  | refl => exact id
  | step h _ ih => exact fun ha => ih (hp _ _ h ha)

theorem Le.iff_le (n m : Nat) : Le n m ↔ n ≤ m := by
  constructor
  · intro h
    induction h <;> omega
  · intro h
    induction h with
    | refl => exact .refl
    | step _ ih => exact .succ ih

theorem Le.trans : Le a b → Le b c → Le a c
  | h, .refl => h
  | h, .succ h' => .succ (Le.trans h h')

theorem Pm.refl : (xs : List α) → Pm xs xs
  | [] => .nil
  | x :: xs => .cons x (Pm.refl xs)

theorem Pm.symm (h : Pm (xs : List α) ys) : Pm ys xs := by
  induction h with
  | nil => exact .nil
  | cons x _ ih => exact .cons x ih
  | swap x y xs => exact .swap y x xs
  | trans _ _ ih₁ ih₂ => exact .trans ih₂ ih₁

theorem Pm.length (h : Pm (xs : List α) ys) : xs.length = ys.length := by
  induction h <;> simp_all

theorem Pm.to_perm (h : Pm (xs : List α) ys) : xs.Perm ys := by
  induction h with
  | nil => exact .nil
  | cons x _ ih => exact .cons x ih
  | swap x y xs => exact .swap y x xs
  | trans _ _ ih₁ ih₂ => exact .trans ih₁ ih₂

theorem Pm.of_perm (h : (xs : List α).Perm ys) : Pm xs ys := by
  induction h with
  | nil => exact .nil
  | cons x _ ih => exact .cons x ih
  | swap x y xs => exact .swap y x xs
  | trans _ _ ih₁ ih₂ => exact .trans ih₁ ih₂

theorem In.iff_mem (a : α) (xs : List α) : In a xs ↔ a ∈ xs := by
  constructor
  · intro h
    induction h with
    | here => simp
    | there _ ih => simp [ih]
  · intro h
    induction h with
    | head => exact .here
    | tail _ _ ih => exact .there ih

theorem collatz_six : Collatz 6 := by
  refine .even _ rfl (.odd _ rfl (.even _ rfl (.odd _ rfl (.even _ rfl (.even _ rfl ?_)))))
  exact .even _ rfl (.even _ rfl .one)

theorem collatz_pow (k : Nat) : Collatz (2 ^ k) := by
  induction k with
  | zero => exact .one
  | succ k ih =>
    refine .even _ (by rw [Nat.pow_succ]; omega) ?_
    rwa [Nat.pow_succ, Nat.mul_div_cancel _ (by decide)]

theorem Dup.not_nil {α : Type} {xs : List α} (h : Dup xs) : xs ≠ [] := by
  cases h <;> simp
