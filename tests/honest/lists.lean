-- Kinds: own functions on lists by structural recursion, equation lemmas, simp sets, library lemmas, generalising induction.

def len : List α → Nat
  | [] => 0
  | _ :: xs => len xs + 1

def app : List α → List α → List α
  | [], ys => ys
  | x :: xs, ys => x :: app xs ys

def rev : List α → List α
  | [] => []
  | x :: xs => app (rev xs) [x]

def revAux : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => revAux xs (x :: acc)

def mapL (f : α → β) : List α → List β
  | [] => []
  | x :: xs => f x :: mapL f xs

def keep (p : α → Bool) : List α → List α
  | [] => []
  | x :: xs => if p x then x :: keep p xs else keep p xs

def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

@[simp] theorem app_nil (xs : List α) : app xs [] = xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih => simp [app, ih]

theorem app_assoc (xs ys zs : List α) : app (app xs ys) zs = app xs (app ys zs) := by
  induction xs with
  | nil => rfl
  | cons x xs ih => simp [app, ih]

theorem len_app (xs ys : List α) : len (app xs ys) = len xs + len ys := by
  induction xs with
  | nil => simp [app, len]
  | cons x xs ih => simp [app, len, ih]; omega

theorem rev_app (xs ys : List α) : rev (app xs ys) = app (rev ys) (rev xs) := by
  induction xs with
  | nil => simp [app, rev]
  | cons x xs ih => simp [app, rev, ih, app_assoc]

theorem rev_rev (xs : List α) : rev (rev xs) = xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih => simp [rev, rev_app, ih, app]

theorem revAux_eq (xs acc : List α) : revAux xs acc = app (rev xs) acc := by
  induction xs generalizing acc with
  | nil => rfl
  | cons x xs ih => rw [revAux, ih, rev, app_assoc]; rfl

theorem rev_fast (xs : List α) : revAux xs [] = rev xs := by simp [revAux_eq]

theorem mapL_comp (f : α → β) (g : β → γ) : mapL g ∘ mapL f = mapL (g ∘ f) := by
  funext xs
  induction xs with
  | nil => rfl
  | cons x xs ih => simpa [mapL] using ih

theorem mapL_app (f : α → β) (xs ys : List α) : mapL f (app xs ys) = app (mapL f xs) (mapL f ys) := by
  induction xs <;> simp_all [mapL, app]

theorem len_keep_le (p : α → Bool) (xs : List α) : len (keep p xs) ≤ len xs := by
  induction xs with
  | nil => simp [keep]
  | cons x xs ih =>
    simp only [keep]
    split <;> simp only [len] <;> omega

theorem keep_keep (p : α → Bool) (xs : List α) : keep p (keep p xs) = keep p xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    by_cases h : p x <;> simp [keep, h, ih]

theorem total_app (xs ys : List Nat) : total (app xs ys) = total xs + total ys := by
  induction xs with
  | nil => simp [app, total]
  | cons x xs ih => simp [app, total, ih, Nat.add_assoc]

theorem total_rev (xs : List Nat) : total (rev xs) = total xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih => simp [rev, total_app, total, ih, Nat.add_comm]

theorem app_eq_append (xs ys : List α) : app xs ys = xs ++ ys := by
  fun_induction app xs ys <;> simp_all

theorem len_eq_length (xs : List α) : len xs = xs.length := by
  fun_induction len xs <;> simp_all

theorem mem_of_filter (p : α → Bool) (xs : List α) (x : α) (h : x ∈ xs.filter p) : x ∈ xs ∧ p x = true :=
  List.mem_filter.mp h

theorem length_map_filter (xs : List Nat) : ((xs.filter (· > 3)).map (· + 1)).length ≤ xs.length := by
  rw [List.length_map]
  exact List.length_filter_le _ xs

theorem concrete_sort_check : rev [1, 2, 3] = [3, 2, 1] := by decide

theorem zip_length (xs : List α) (ys : List β) (h : xs.length = ys.length) :
    (xs.zip ys).length = xs.length := by
  simp [List.length_zip, h]

example : total [1, 2, 3, 4] = 10 := rfl
example : mapL (· * 2) [1, 2] = [2, 4] := by simp [mapL]
