-- Kinds: core arrays, options and vectors, bounds proofs by tactic, get-elem notation, association lists, own option combinators, a structure over an array.

def lookup (k : Nat) : List (Nat × α) → Option α
  | [] => none
  | (j, a) :: rest => if j = k then some a else lookup k rest

def update (k : Nat) (a : α) : List (Nat × α) → List (Nat × α)
  | [] => [(k, a)]
  | (j, b) :: rest => if j = k then (k, a) :: rest else (j, b) :: update k a rest

def Opt.map₂ (f : α → β → γ) : Option α → Option β → Option γ
  | some a, some b => some (f a b)
  | _, _ => none

def allSome : List (Option α) → Option (List α)
  | [] => some []
  | none :: _ => none
  | some a :: rest => (allSome rest).map (a :: ·)

structure Stack (α : Type u) where
  data : Array α := #[]

namespace Stack
def push (s : Stack α) (a : α) : Stack α := ⟨s.data.push a⟩
def pop (s : Stack α) : Stack α := ⟨s.data.pop⟩
def top? (s : Stack α) : Option α := s.data.back?

theorem pop_push (s : Stack α) (a : α) : (s.push a).pop = s := by
  simp [push, pop]

theorem top_push (s : Stack α) (a : α) : (s.push a).top? = some a := by
  simp [push, top?]
end Stack

theorem lookup_update (k : Nat) (a : α) (m : List (Nat × α)) : lookup k (update k a m) = some a := by
  induction m with
  | nil => simp [update, lookup]
  | cons p m ih =>
    obtain ⟨j, b⟩ := p
    simp only [update]
    split
    · simp [lookup]
    · next h => simp [lookup, h, ih]

theorem lookup_update_ne (j k : Nat) (h : j ≠ k) (a : α) (m : List (Nat × α)) :
    lookup k (update j a m) = lookup k m := by
  induction m with
  | nil => simp [update, lookup, h]
  | cons p m ih =>
    obtain ⟨i, b⟩ := p
    simp only [update]
    split
    · next hi => subst hi; simp [lookup, h]
    · simp only [lookup, ih]

theorem map₂_none (f : α → β → γ) (x : Option α) : Opt.map₂ f x none = none := by
  cases x <;> rfl

theorem map₂_comm (f : α → α → β) (hf : ∀ a b, f a b = f b a) (x y : Option α) : Opt.map₂ f x y = Opt.map₂ f y x := by
  cases x <;> cases y <;> simp [Opt.map₂, hf]

theorem allSome_length (xs : List (Option α)) (ys : List α) (h : allSome xs = some ys) : xs.length = ys.length := by
  induction xs generalizing ys with
  | nil => cases h; rfl
  | cons x xs ih =>
    cases x with
    | none => cases h
    | some a =>
      simp only [allSome, Option.map_eq_some_iff] at h
      obtain ⟨zs, hz, rfl⟩ := h
      simp [ih zs hz]

theorem allSome_map_some (xs : List α) : allSome (xs.map some) = some xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih => simp [allSome, ih]

theorem array_push_size (xs : Array α) (a : α) : (xs.push a).size = xs.size + 1 := by simp

theorem array_get_push (xs : Array α) (a : α) : (xs.push a)[xs.size]? = some a := by simp

theorem array_get_lt (xs : Array Nat) (i : Nat) (h : i < xs.size) (a : Nat) : (xs.push a)[i]'(by simp; omega) = xs[i] := by
  rw [Array.getElem_push_lt h]

theorem array_reverse (xs : Array α) : xs.reverse.reverse = xs := by simp

theorem array_toList (xs ys : Array α) (h : xs.toList = ys.toList) : xs = ys := Array.toList_inj.mp h

theorem array_set (xs : Array Nat) (i : Nat) (h : i < xs.size) : (xs.set i 7)[i]'(by simpa using h) = 7 := by simp

theorem array_literal : #[1, 2, 3].size = 3 := rfl

theorem array_append (xs ys : Array α) : (xs ++ ys).size = xs.size + ys.size := by simp

theorem array_foldl (xs : List Nat) : xs.toArray.foldl (· + ·) 0 = xs.foldl (· + ·) 0 := by simp

theorem option_map_id (x : Option α) : x.map id = x := by simp

theorem option_get (x : Option Nat) (h : x.isSome) : some (x.get h) = x := by simp

theorem option_filter (x : Option Nat) (h : x = some 3) : x.filter (· > 2) = some 3 := by
  subst h
  rfl

theorem list_get_cons (x : Nat) (xs : List Nat) (i : Nat) (h : i < xs.length) :
    (x :: xs)[i + 1]'(by simp; omega) = xs[i] := rfl

theorem vector_size (v : Vector Nat 4) : v.toArray.size = 4 := by simp

theorem vector_push (v : Vector Nat n) (a : Nat) : (v.push a)[n] = a := by simp
