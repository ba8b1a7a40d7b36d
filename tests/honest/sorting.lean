-- Kinds: insertion sort and merge sort with sortedness and permutation proofs, own sortedness predicates, abbreviations, uniqueness of sorted permutations.

def ins (x : Nat) : List Nat → List Nat
  | [] => [x]
  | y :: ys => if x ≤ y then x :: y :: ys else y :: ins x ys

def isort : List Nat → List Nat
  | [] => []
  | x :: xs => ins x (isort xs)

inductive Sorted : List Nat → Prop
  | nil : Sorted []
  | single : Sorted [x]
  | cons : x ≤ y → Sorted (y :: ys) → Sorted (x :: y :: ys)

abbrev Below (x : Nat) (ys : List Nat) : Prop := ∀ y ∈ ys, x ≤ y

def sortedB : List Nat → Bool
  | [] => true
  | [_] => true
  | x :: y :: ys => decide (x ≤ y) && sortedB (y :: ys)

theorem ins_perm (x : Nat) (xs : List Nat) : (ins x xs).Perm (x :: xs) := by
  induction xs with
  | nil => exact .refl _
  | cons y ys ih =>
    simp only [ins]
    split
    · exact .refl _
    · exact (List.Perm.cons y ih).trans (.swap x y ys)

theorem isort_perm (xs : List Nat) : (isort xs).Perm xs := by
  induction xs with
  | nil => exact .nil
  | cons x xs ih => exact (ins_perm x _).trans (ih.cons x)

theorem ins_sorted (x : Nat) (h : Sorted xs) : Sorted (ins x xs) := by
  induction h with
  | nil => exact .single
  | @single y =>
    simp only [ins]
    split
    · next h => exact .cons h .single
    · exact .cons (by omega) .single
  | @cons y z zs hyz hs ih =>
    simp only [ins] at ih ⊢
    split
    · next h => exact .cons h (.cons hyz hs)
    · split
      · exact .cons (by omega) (.cons (by omega) hs)
      · next h₁ h₂ =>
        rw [if_neg h₂] at ih
        exact .cons hyz ih

theorem isort_sorted (xs : List Nat) : Sorted (isort xs) := by
  induction xs with
  | nil => exact .nil
  | cons x xs ih => exact ins_sorted x ih

theorem isort_length (xs : List Nat) : (isort xs).length = xs.length := (isort_perm xs).length_eq

theorem mem_isort (x : Nat) (xs : List Nat) : x ∈ isort xs ↔ x ∈ xs := (isort_perm xs).mem_iff

theorem Sorted.tail (h : Sorted (x :: xs)) : Sorted xs := by
  cases h with
  | single => exact .nil
  | cons _ h => exact h

theorem Sorted.head_le (h : Sorted (x :: xs)) : Below x xs := by
  induction xs generalizing x with
  | nil => exact nofun
  | cons y ys ih =>
    cases h with
    | cons hxy hs =>
      intro z hz
      rcases List.mem_cons.mp hz with rfl | hz
      · exact hxy
      · exact Nat.le_trans hxy (ih hs z hz)

theorem ins_below (x : Nat) (xs : List Nat) (h : Below x xs) : ins x xs = x :: xs := by
  cases xs with
  | nil => rfl
  | cons y ys => simp [ins, h y (by simp)]

theorem isort_of_sorted (h : Sorted xs) : isort xs = xs := by
  induction h with
  | nil => rfl
  | single => rfl
  | cons hxy hs ih => rw [isort, ih, ins, if_pos hxy]

theorem isort_idem (xs : List Nat) : isort (isort xs) = isort xs := isort_of_sorted (isort_sorted xs)

theorem sorted_unique (hx : Sorted xs) (hy : Sorted ys) (hp : xs.Perm ys) : xs = ys := by
  induction xs generalizing ys with
  | nil => exact (List.Perm.nil_eq hp)
  | cons x xs ih =>
    cases ys with
    | nil => exact absurd hp.length_eq (by simp)
    | cons y ys =>
      have h₁ : x ≤ y := by
        have := (List.Perm.mem_iff hp).mpr (List.mem_cons_self (a := y) (l := ys))
        rcases List.mem_cons.mp this with h | h
        · omega
        · exact hx.head_le y h
      have h₂ : y ≤ x := by
        have := (List.Perm.mem_iff hp).mp (List.mem_cons_self (a := x) (l := xs))
        rcases List.mem_cons.mp this with h | h
        · omega
        · exact hy.head_le x h
      obtain rfl : x = y := Nat.le_antisymm h₁ h₂
      rw [ih hx.tail hy.tail (List.Perm.cons_inv hp)]

theorem isort_perm_eq (h : xs.Perm ys) : isort xs = isort ys :=
  sorted_unique (isort_sorted xs) (isort_sorted ys) (((isort_perm xs).trans h).trans (isort_perm ys).symm)

theorem sortedB_iff (xs : List Nat) : sortedB xs = true ↔ Sorted xs := by
  fun_induction sortedB xs with
  | case1 => exact ⟨fun _ => .nil, fun _ => rfl⟩
  | case2 => exact ⟨fun _ => .single, fun _ => rfl⟩
  | case3 x y ys ih =>
    simp only [Bool.and_eq_true, decide_eq_true_eq, ih]
    constructor
    · rintro ⟨h, hs⟩
      exact .cons h hs
    · intro h
      cases h with
      | cons h hs => exact ⟨h, hs⟩

theorem isort_example : isort [3, 1, 2] = [1, 2, 3] := by decide

theorem sorted_check : Sorted [1, 1, 2, 8] := (sortedB_iff _).mp rfl

theorem not_sorted_check : ¬ Sorted [2, 1] := fun h => absurd ((sortedB_iff _).mpr h) (by decide)

theorem library_merge_sort (xs : List Nat) : (xs.mergeSort (· ≤ ·)).Perm xs := List.mergeSort_perm xs _

theorem exists_minimum (xs : List Nat) (h : xs ≠ []) : ∃ m ∈ xs, ∀ x ∈ xs, m ≤ x := by
  match hs : isort xs with
  | [] =>
    have := isort_length xs
    rw [hs] at this
    exact absurd (List.eq_nil_of_length_eq_zero this.symm) h
  | m :: ms =>
    have hsorted : Sorted (m :: ms) := hs ▸ isort_sorted xs
    refine ⟨m, (mem_isort m xs).mp (by simp [hs]), fun x hx => ?_⟩
    have hx' := (mem_isort x xs).mpr hx
    rw [hs] at hx'
    rcases List.mem_cons.mp hx' with rfl | hx'
    · exact Nat.le_refl _
    · exact hsorted.head_le x hx'
