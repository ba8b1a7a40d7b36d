/-!
# Lists

This module owns what core Lean lacks about finite lists: sorted lists, palindromes, rotations,
the lists of all prefixes, suffixes and sublists, and a few lemmas on sums and on lists without
repetitions. Core already has permutations (`List.Perm`, written `l₁ ~ l₂`), prefixes (`<+:`),
suffixes (`<:+`), sublists (`<+`), `List.Nodup`, `List.count`, `List.sum` and much more.
-/

universe u v

namespace List

variable {α : Type u} {β : Type v}

/-! ## Sorted lists -/

/-- The list `l` is sorted with respect to `r`: every element is `r`-related to every element that
comes after it. `l.Sorted (· ≤ ·)` says that `l` is nondecreasing. -/
abbrev Sorted (r : α → α → Prop) (l : List α) : Prop := l.Pairwise r

theorem sorted_nil {r : α → α → Prop} : Sorted r [] := Pairwise.nil

theorem sorted_singleton {r : α → α → Prop} (a : α) : Sorted r [a] := pairwise_singleton r a

theorem sorted_cons {r : α → α → Prop} {a : α} {l : List α} :
    Sorted r (a :: l) ↔ (∀ b ∈ l, r a b) ∧ Sorted r l := pairwise_cons

/-- Two sorted lists that are permutations of each other are equal. -/
theorem eq_of_perm_of_sorted {l₁ l₂ : List Nat} (h : l₁ ~ l₂) (h₁ : l₁.Sorted (· ≤ ·))
    (h₂ : l₂.Sorted (· ≤ ·)) : l₁ = l₂ :=
  h.eq_of_pairwise (fun _ _ _ _ => Nat.le_antisymm) h₁ h₂

/-! ## Palindromes -/

/-- A palindrome is a list that reads the same from both ends. -/
def Palindrome (l : List α) : Prop := l.reverse = l

namespace Palindrome

theorem iff_reverse_eq {l : List α} : l.Palindrome ↔ l.reverse = l := Iff.rfl

theorem reverse_eq {l : List α} (h : l.Palindrome) : l.reverse = l := h

theorem of_reverse_eq {l : List α} (h : l.reverse = l) : l.Palindrome := h

theorem nil : Palindrome ([] : List α) := rfl

theorem singleton (a : α) : Palindrome [a] := rfl

/-- Putting the same letter at both ends of a palindrome gives a palindrome. -/
theorem cons_concat (a : α) {l : List α} (h : l.Palindrome) : (a :: (l ++ [a])).Palindrome := by
  simp [Palindrome, h.reverse_eq]

end Palindrome

/-! ## Rotations -/

/-- `l` and `l'` are rotations of each other: `l = u ++ v` and `l' = v ++ u` for some `u`, `v`. -/
def IsRotated (l l' : List α) : Prop := ∃ u v, l = u ++ v ∧ l' = v ++ u

theorem IsRotated.perm {l l' : List α} (h : l.IsRotated l') : l ~ l' := by
  obtain ⟨u, v, rfl, rfl⟩ := h
  exact perm_append_comm

/-! ## All prefixes, suffixes and sublists -/

/-- The list of all prefixes of a list, the shortest first. -/
def inits : List α → List (List α)
  | [] => [[]]
  | a :: l => [] :: (inits l).map (a :: ·)

/-- The list of all suffixes of a list, the longest first. -/
def tails : List α → List (List α)
  | [] => [[]]
  | a :: l => (a :: l) :: tails l

/-- The list of all sublists of a list (choosing or leaving out each entry). -/
def sublists' : List α → List (List α)
  | [] => [[]]
  | a :: l => sublists' l ++ (sublists' l).map (a :: ·)

@[simp] theorem inits_nil : inits ([] : List α) = [[]] := rfl
@[simp] theorem inits_cons (a : α) (l : List α) :
    inits (a :: l) = [] :: (inits l).map (a :: ·) := rfl
@[simp] theorem tails_nil : tails ([] : List α) = [[]] := rfl
@[simp] theorem tails_cons (a : α) (l : List α) : tails (a :: l) = (a :: l) :: tails l := rfl
@[simp] theorem sublists'_nil : sublists' ([] : List α) = [[]] := rfl
@[simp] theorem sublists'_cons (a : α) (l : List α) :
    sublists' (a :: l) = sublists' l ++ (sublists' l).map (a :: ·) := rfl

@[simp] theorem mem_sublists' {s t : List α} : s ∈ sublists' t ↔ s <+ t := by
  induction t generalizing s with
  | nil => simp
  | cons a t ih => simp only [sublists'_cons, mem_append, mem_map, ih, sublist_cons_iff]; grind

/-! ## Sums -/

/-- The sum of the lists of values `f x + g x` is the sum of the two sums. -/
theorem sum_map_add_nat (l : List α) (f g : α → Nat) :
    (l.map fun x => f x + g x).sum = (l.map f).sum + (l.map g).sum := by
  induction l with
  | nil => rfl
  | cons a l ih => simp only [map_cons, sum_cons, ih]; omega

/-- Summing smaller values gives a smaller sum. -/
theorem sum_map_le_nat {l : List α} {f g : α → Nat} (h : ∀ x ∈ l, f x ≤ g x) :
    (l.map f).sum ≤ (l.map g).sum := by
  induction l with
  | nil => simp
  | cons a l ih =>
    have h₁ := h a mem_cons_self
    have h₂ := ih fun x hx => h x (mem_cons_of_mem a hx)
    simp only [map_cons, sum_cons]
    omega

/-- The order of two summations may be exchanged. -/
theorem sum_map_comm_nat (l : List α) (m : List β) (f : α → β → Nat) :
    (l.map fun x => (m.map fun y => f x y).sum).sum =
      (m.map fun y => (l.map fun x => f x y).sum).sum := by
  induction l with
  | nil => induction m with
    | nil => rfl
    | cons b m ih => simpa using ih
  | cons a l ih => simp only [map_cons, sum_cons, ih, sum_map_add_nat]

/-- Counting is summing ones. -/
theorem countP_eq_sum_nat (p : α → Bool) (l : List α) :
    l.countP p = (l.map fun x => if p x then 1 else 0).sum := by
  induction l with
  | nil => rfl
  | cons a l ih => simp only [countP_cons, map_cons, sum_cons, ih]; omega

/-! ## Lists without repetitions -/

/-- A list without repetitions whose entries all occur in `m` is not longer than `m`. -/
theorem Nodup.length_le_of_subset {l m : List α} (hl : l.Nodup) (h : l ⊆ m) :
    l.length ≤ m.length := by
  induction l generalizing m with
  | nil => simp
  | cons a l ih =>
    obtain ⟨s, t, rfl⟩ := append_of_mem (h mem_cons_self)
    have hl' := nodup_cons.mp hl
    have : l.length ≤ (s ++ t).length := ih hl'.2 fun x hx => by
      have := h (mem_cons_of_mem a hx)
      have hne : x ≠ a := fun e => hl'.1 (e ▸ hx)
      simp_all
    simp only [length_append, length_cons] at this ⊢
    omega

/-- The list `0, 1, …, n - 1` of all elements of `Fin n` has no repetitions. -/
theorem nodup_finRange (n : Nat) : (finRange n).Nodup := by
  induction n with
  | zero => simp
  | succ n ih =>
    rw [finRange_succ, nodup_cons]
    refine ⟨by simp [Fin.succ_ne_zero], ?_⟩
    rw [Nodup, pairwise_map]
    exact ih.imp fun h e => h (Fin.succ_inj.mp e)

/-- A list of elements of `Fin n` without repetitions has length at most `n`. -/
theorem Nodup.length_le_fin {n : Nat} {l : List (Fin n)} (h : l.Nodup) : l.length ≤ n := by
  simpa using h.length_le_of_subset (m := finRange n) fun x _ => mem_finRange x

end List
