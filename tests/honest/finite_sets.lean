-- Kinds: finite sets as lists (subset, union, nodup), pigeonhole, injections between Fin types, bounded quantifiers, decidable instances by hand.

def subset (xs ys : List α) : Prop := ∀ x ∈ xs, x ∈ ys

local infix:50 " ⊑ " => subset

def NoDup : List α → Prop
  | [] => True
  | x :: xs => x ∉ xs ∧ NoDup xs

def remove [DecidableEq α] (a : α) : List α → List α
  | [] => []
  | x :: xs => if x = a then remove a xs else x :: remove a xs

def union [DecidableEq α] (xs ys : List α) : List α :=
  match xs with
  | [] => ys
  | x :: xs => if x ∈ ys then union xs ys else x :: union xs ys

def dedup [DecidableEq α] : List α → List α
  | [] => []
  | x :: xs => if x ∈ xs then dedup xs else x :: dedup xs

instance decNoDup [DecidableEq α] : (xs : List α) → Decidable (NoDup xs)
  | [] => .isTrue trivial
  | x :: xs =>
    have := decNoDup xs
    inferInstanceAs (Decidable (x ∉ xs ∧ NoDup xs))

instance decSubset [DecidableEq α] (xs ys : List α) : Decidable (xs ⊑ ys) :=
  inferInstanceAs (Decidable (∀ x ∈ xs, x ∈ ys))

theorem subset_refl (xs : List α) : xs ⊑ xs := fun _ => id

theorem subset_trans {xs ys zs : List α} (h₁ : xs ⊑ ys) (h₂ : ys ⊑ zs) : xs ⊑ zs :=
  fun x hx => h₂ x (h₁ x hx)

theorem mem_remove [DecidableEq α] (a x : α) (xs : List α) : x ∈ remove a xs ↔ x ∈ xs ∧ x ≠ a := by
  induction xs with
  | nil => simp [remove]
  | cons y ys ih =>
    simp only [remove]
    split
    · next h =>
      subst h
      rw [ih, List.mem_cons]
      constructor
      · rintro ⟨h₁, h₂⟩
        exact ⟨.inr h₁, h₂⟩
      · rintro ⟨rfl | h₁, h₂⟩
        · exact absurd rfl h₂
        · exact ⟨h₁, h₂⟩
    · next h =>
      rw [List.mem_cons, ih, List.mem_cons]
      constructor
      · rintro (rfl | ⟨h₁, h₂⟩)
        · exact ⟨.inl rfl, h⟩
        · exact ⟨.inr h₁, h₂⟩
      · rintro ⟨rfl | h₁, h₂⟩
        · exact .inl rfl
        · exact .inr ⟨h₁, h₂⟩

theorem length_remove_le [DecidableEq α] (a : α) (xs : List α) : (remove a xs).length ≤ xs.length := by
  induction xs with
  | nil => exact Nat.le_refl 0
  | cons x xs ih =>
    simp only [remove]
    split
    · exact Nat.le_succ_of_le ih
    · exact Nat.succ_le_succ ih

theorem length_remove_lt [DecidableEq α] {a : α} {xs : List α} (h : a ∈ xs) :
    (remove a xs).length < xs.length := by
  induction h with
  | head ys =>
    rw [remove, if_pos rfl]
    exact Nat.lt_succ_of_le (length_remove_le a ys)
  | tail b _ ih =>
    simp only [remove]
    split
    · exact Nat.lt_succ_of_lt ih
    · exact Nat.succ_lt_succ ih

theorem pigeonhole_list [DecidableEq α] {xs ys : List α} (hn : NoDup xs) (h : xs ⊑ ys) : xs.length ≤ ys.length := by
  induction xs generalizing ys with
  | nil => exact Nat.zero_le _
  | cons x xs ih =>
    have hx : x ∈ ys := h x (by simp)
    have hs : xs ⊑ remove x ys := fun z hz =>
      (mem_remove x z ys).mpr ⟨h z (by simp [hz]), fun e => hn.1 (e ▸ hz)⟩
    exact Nat.lt_of_le_of_lt (ih hn.2 hs) (length_remove_lt hx)

theorem pigeonhole_dup [DecidableEq α] {xs ys : List α} (h : xs ⊑ ys) (hl : ys.length < xs.length) : ¬ NoDup xs :=
  fun hn => absurd (pigeonhole_list hn h) (by omega)

theorem mem_union [DecidableEq α] (x : α) (xs ys : List α) : x ∈ union xs ys ↔ x ∈ xs ∨ x ∈ ys := by
  induction xs with
  | nil => simp [union]
  | cons y xs ih =>
    rw [union]
    split
    · next h =>
      rw [ih]
      constructor
      · rintro (h | h) <;> simp [h]
      · intro h'
        rcases h' with h' | h'
        · rcases List.mem_cons.mp h' with rfl | h'
          · exact .inr h
          · exact .inl h'
        · exact .inr h'
    · simp [ih, or_assoc]

theorem union_comm_mem [DecidableEq α] (xs ys : List α) : union xs ys ⊑ union ys xs := by
  intro x hx
  rw [mem_union] at hx ⊢
  exact hx.symm

theorem mem_dedup [DecidableEq α] (x : α) (xs : List α) : x ∈ dedup xs ↔ x ∈ xs := by
  induction xs with
  | nil => simp [dedup]
  | cons y xs ih =>
    simp only [dedup]
    split
    · next h =>
      rw [ih, List.mem_cons]
      exact ⟨.inr, fun h' => h'.elim (fun e => e ▸ h) id⟩
    · simp [ih]

theorem nodup_dedup [DecidableEq α] (xs : List α) : NoDup (dedup xs) := by
  induction xs with
  | nil => trivial
  | cons x xs ih =>
    simp only [dedup]
    split
    · exact ih
    · next h => exact ⟨fun h' => h ((mem_dedup x xs).mp h'), ih⟩

theorem nodup_map {f : α → β} (hf : ∀ a b, f a = f b → a = b) {xs : List α} (h : NoDup xs) : NoDup (xs.map f) := by
  induction xs with
  | nil => trivial
  | cons x xs ih =>
    refine ⟨?_, ih h.2⟩
    intro hm
    obtain ⟨y, hy, e⟩ := List.mem_map.mp hm
    exact h.1 (hf _ _ e ▸ hy)

def upTo : Nat → List Nat
  | 0 => []
  | n + 1 => n :: upTo n

theorem mem_upTo (k n : Nat) : k ∈ upTo n ↔ k < n := by
  induction n with
  | zero => simp [upTo]
  | succ n ih => simp [upTo, ih]; omega

theorem nodup_upTo (n : Nat) : NoDup (upTo n) := by
  induction n with
  | zero => trivial
  | succ n ih => exact ⟨fun h => Nat.lt_irrefl n ((mem_upTo n n).mp h), ih⟩

theorem length_upTo (n : Nat) : (upTo n).length = n := by
  induction n <;> simp_all [upTo]

theorem pigeonhole (m n : Nat) (f : Nat → Nat) (hf : ∀ i, i < m → f i < n)
    (inj : ∀ i j, f i = f j → i = j) : m ≤ n := by
  have hs : (upTo m).map f ⊑ upTo n := by
    intro x hx
    obtain ⟨i, hi, rfl⟩ := List.mem_map.mp hx
    exact (mem_upTo _ _).mpr (hf i ((mem_upTo i m).mp hi))
  have := pigeonhole_list (nodup_map inj (nodup_upTo m)) hs
  simpa [length_upTo] using this

theorem pigeonhole_fin : ∀ f : Fin 3 → Fin 2, f 0 = f 1 ∨ f 1 = f 2 ∨ f 0 = f 2 := by
  intro f
  have h (i : Fin 3) : (f i).val < 2 := (f i).isLt
  have h₀ := h 0
  have h₁ := h 1
  have h₂ := h 2
  simp only [Fin.ext_iff]
  omega

theorem nodup_decide : NoDup [1, 2, 3] ∧ ¬ NoDup [1, 2, 1] := by decide

theorem subset_decide : [1, 2] ⊑ [2, 3, 1] := by decide
