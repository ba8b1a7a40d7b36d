-- Kinds: let and have in terms and statements, where-bound local definitions, let rec, show-from, suffices, pattern-lets, local functions in proofs, zeta reduction.

def poly (x : Nat) : Nat :=
  let y := x + 1
  let z := y * y
  z + y

def hyp (a b : Nat) : Nat := sq a + sq b
where
  sq (n : Nat) : Nat := n * n

def sumTo (n : Nat) : Nat := go n 0
where
  go : Nat → Nat → Nat
    | 0, acc => acc
    | k + 1, acc => go k (acc + (k + 1))

def evens (n : Nat) : List Nat :=
  let rec loop : Nat → List Nat
    | 0 => []
    | k + 1 => 2 * k :: loop k
  loop n

def swapAll (xs : List (α × β)) : List (β × α) :=
  xs.map fun p => let (a, b) := p; (b, a)

def divmod (a b : Nat) : Nat × Nat :=
  let q := a / b
  have : q = a / b := rfl
  (q, a - b * q)

theorem poly_eq (x : Nat) : poly x = (x + 1) * (x + 1) + (x + 1) := rfl

theorem poly_pos (x : Nat) : 0 < poly x := by
  unfold poly
  exact bound _
where
  bound (k : Nat) : 0 < (k + 1) * (k + 1) + (k + 1) := Nat.succ_pos _

theorem hyp_three_four : hyp 3 4 = 25 := rfl

theorem sq_le_hyp (a b : Nat) : hyp.sq a ≤ hyp a b := Nat.le_add_right _ _

theorem sumTo_go (n acc : Nat) : 2 * sumTo.go n acc = n * (n + 1) + 2 * acc := by
  induction n generalizing acc with
  | zero => simp [sumTo.go]
  | succ n ih => rw [sumTo.go, ih]; grind

theorem sumTo_eq (n : Nat) : 2 * sumTo n = n * (n + 1) := sumTo_go n 0

theorem evens_length (n : Nat) : (evens n).length = n := loop n
where
  loop : (k : Nat) → (evens.loop k).length = k
    | 0 => rfl
    | k + 1 => congrArg (· + 1) (loop k)

theorem swapAll_swapAll (xs : List (α × β)) : swapAll (swapAll xs) = xs := by
  induction xs with
  | nil => rfl
  | cons p xs ih => exact congrArg (p :: ·) ih

theorem divmod_spec (a b : Nat) : b * (divmod a b).1 + (divmod a b).2 = a := by
  have h : b * (a / b) ≤ a := Nat.mul_div_le a b
  show b * (a / b) + (a - b * (a / b)) = a
  omega

theorem let_in_statement (n : Nat) : let m := n + 1; m > n := Nat.lt_succ_self n

theorem let_type (n : Nat) : let T := Fin (n + 1); ∃ x : T, x.val = 0 := ⟨⟨0, n.succ_pos⟩, rfl⟩

theorem have_chain (p q r : Prop) (hp : p) (h₁ : p → q) (h₂ : q → r) : r :=
  have hq := h₁ hp
  have hr : r := h₂ hq
  show r from hr

theorem suffices_term (a b : Nat) (h : a ≤ b) : a < b + 1 :=
  suffices h' : a ≤ b from Nat.lt_succ_of_le h'
  h

theorem local_function (n : Nat) : ∃ f : Nat → Nat, f n = n + n := by
  let f : Nat → Nat := fun k => k + k
  exact ⟨f, rfl⟩

theorem set_like (a b c : Nat) (h : a + b = c) : (a + b) * (a + b) = c * c := by
  generalize hs : a + b = s at *
  subst h
  rfl

theorem pattern_let (p : Nat × Nat × Nat) : let (a, b, c) := p; a + b + c = p.1 + (p.2.1 + p.2.2) := by
  obtain ⟨a, b, c⟩ := p
  exact Nat.add_assoc a b c

theorem zeta_example : (let x := 5; let f := fun y => x + y; f 3) = 8 := by
  intros
  rfl

theorem nested_have (n : Nat) (h : n % 4 = 2) : n % 2 = 0 ∧ ¬ n % 4 = 0 := by
  have ⟨k, hk⟩ : ∃ k, n = 4 * k + 2 := ⟨n / 4, by omega⟩
  have key : n = 2 * (2 * k + 1) := by omega
  constructor
  · omega
  · intro h0
    omega

theorem haveI_letI (n : Nat) (h : 0 < n) : Nonempty (Fin n) :=
  haveI : NeZero n := ⟨Nat.ne_of_gt h⟩
  letI i : Inhabited (Fin n) := ⟨⟨0, h⟩⟩
  ⟨i.default⟩

theorem rec_in_tactic (n : Nat) : n ≤ 2 * n := by
  let rec go : ∀ k : Nat, k ≤ 2 * k
    | 0 => Nat.le_refl 0
    | k + 1 => by have := go k; omega
  exact go n
