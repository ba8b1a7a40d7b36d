-- Kinds: indexed families (vectors, own Fin), dependent pattern matching, casts between indices, HEq of vectors.

inductive Vec (α : Type u) : Nat → Type u where
  | nil : Vec α 0
  | cons : α → Vec α n → Vec α (n + 1)

namespace Vec

infixr:67 " ::ᵥ " => Vec.cons

def head : Vec α (n + 1) → α
  | a ::ᵥ _ => a

def tail : Vec α (n + 1) → Vec α n
  | _ ::ᵥ v => v

def map (f : α → β) : Vec α n → Vec β n
  | nil => nil
  | a ::ᵥ v => f a ::ᵥ map f v

def zipWith (f : α → β → γ) : Vec α n → Vec β n → Vec γ n
  | nil, nil => nil
  | a ::ᵥ v, b ::ᵥ w => f a b ::ᵥ zipWith f v w

def append : Vec α n → Vec α m → Vec α (m + n)
  | nil, w => w
  | a ::ᵥ v, w => a ::ᵥ append v w

def toList : Vec α n → List α
  | nil => []
  | a ::ᵥ v => a :: toList v

def replicate (a : α) : (n : Nat) → Vec α n
  | 0 => nil
  | n + 1 => a ::ᵥ replicate a n

theorem eta (v : Vec α (n + 1)) : v.head ::ᵥ v.tail = v := by
  cases v; rfl

theorem eq_nil : (v : Vec α 0) → v = nil
  | nil => rfl

theorem map_map (f : α → β) (g : β → γ) (v : Vec α n) : (v.map f).map g = v.map (g ∘ f) := by
  induction v with
  | nil => rfl
  | cons a v ih => simp [map, ih]

theorem zipWith_comm (f : α → α → β) (hf : ∀ a b, f a b = f b a) (v w : Vec α n) :
    zipWith f v w = zipWith f w v := by
  induction v with
  | nil => cases w; rfl
  | cons a v ih =>
    cases w with
    | cons b w => simp only [zipWith, ih w, hf a b]

theorem length_toList (v : Vec α n) : v.toList.length = n := by
  induction v with
  | nil => rfl
  | cons a v ih => simp [toList, ih]

theorem toList_append (v : Vec α n) (w : Vec α m) : (v.append w).toList = v.toList ++ w.toList := by
  induction v with
  | nil => rfl
  | cons a v ih => simp [append, toList, ih]

theorem toList_inj : (v w : Vec α n) → v.toList = w.toList → v = w
  | nil, nil, _ => rfl
  | a ::ᵥ v, b ::ᵥ w, h => by
    simp only [toList, List.cons.injEq] at h
    rw [h.1, toList_inj v w h.2]

theorem replicate_map (a : α) (f : α → β) (n : Nat) : (replicate a n).map f = replicate (f a) n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [replicate, map, ih]; rfl

theorem append_nil_heq (v : Vec α n) : HEq (v.append nil) v := by
  induction v with
  | nil => rfl
  | @cons n a v ih =>
    have step : ∀ (k : Nat) (w : Vec α k), k = n → HEq w v → HEq (a ::ᵥ w) (a ::ᵥ v) := by
      intro k w hk hw
      subst hk
      rw [eq_of_heq hw]
    exact step _ _ (Nat.zero_add n) ih

theorem cast_toList {n m : Nat} (h : n = m) (v : Vec α n) : (h ▸ v : Vec α m).toList = v.toList := by
  subst h; rfl

end Vec

inductive Fi : Nat → Type where
  | z : Fi (n + 1)
  | s : Fi n → Fi (n + 1)

def Fi.toNat : Fi n → Nat
  | .z => 0
  | .s i => i.toNat + 1

def Vec.get : Vec α n → Fi n → α
  | a ::ᵥ _, .z => a
  | _ ::ᵥ v, .s i => v.get i

theorem Fi.elim0 (i : Fi 0) : False := nomatch i

theorem Fi.toNat_lt (i : Fi n) : i.toNat < n := by
  induction i with
  | z => simp [toNat]
  | s i ih => simp [toNat, ih]

theorem Vec.get_map (f : α → β) (v : Vec α n) (i : Fi n) : (v.map f).get i = f (v.get i) := by
  induction i with
  | z => cases v; rfl
  | s i ih => cases v with | cons a v => exact ih v
