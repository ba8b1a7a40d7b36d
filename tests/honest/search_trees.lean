-- Kinds: binary search trees with an ordering invariant as an inductive predicate, insertion and membership, in-order lists, trees as a subtype; where-bound helpers.

inductive Bst where
  | leaf
  | node (l : Bst) (k : Nat) (r : Bst)

namespace Bst

inductive Mem (x : Nat) : Bst → Prop
  | root : Mem x (node l x r)
  | left : Mem x l → Mem x (node l k r)
  | right : Mem x r → Mem x (node l k r)

inductive All (p : Nat → Prop) : Bst → Prop
  | leaf : All p leaf
  | node : All p l → p k → All p r → All p (node l k r)

inductive Ordered : Bst → Prop
  | leaf : Ordered leaf
  | node : Ordered l → All (· < k) l → All (k < ·) r → Ordered r → Ordered (node l k r)

instance : Membership Nat Bst := ⟨fun t x => Mem x t⟩

def insert (x : Nat) : Bst → Bst
  | leaf => node leaf x leaf
  | node l k r =>
    if x < k then node (insert x l) k r
    else if k < x then node l k (insert x r)
    else node l k r

def contains (x : Nat) : Bst → Bool
  | leaf => false
  | node l k r => if x < k then contains x l else if k < x then contains x r else true

def toList (t : Bst) : List Nat := go t []
where
  go : Bst → List Nat → List Nat
    | leaf, acc => acc
    | node l k r, acc => go l (k :: go r acc)

def inorder : Bst → List Nat
  | leaf => []
  | node l k r => inorder l ++ k :: inorder r

def height : Bst → Nat
  | leaf => 0
  | node l _ r => max l.height r.height + 1

def count : Bst → Nat
  | leaf => 0
  | node l _ r => l.count + r.count + 1

theorem All.imp {p q : Nat → Prop} (h : ∀ x, p x → q x) (ha : All p t) : All q t := by
  induction ha with
  | leaf => exact .leaf
  | node _ hk _ ihl ihr => exact .node ihl (h _ hk) ihr

theorem All.mem {p : Nat → Prop} (ha : All p t) (hx : Mem x t) : p x := by
  induction hx with
  | root => cases ha; assumption
  | left _ ih => cases ha with | node hl _ _ => exact ih hl
  | right _ ih => cases ha with | node _ _ hr => exact ih hr

theorem All.of_forall {p : Nat → Prop} (t : Bst) (h : ∀ x, Mem x t → p x) : All p t := by
  induction t with
  | leaf => exact .leaf
  | node l k r ihl ihr =>
    exact .node (ihl fun x hx => h x (.left hx)) (h k .root) (ihr fun x hx => h x (.right hx))

theorem all_insert {p : Nat → Prop} (hx : p x) (ha : All p t) : All p (t.insert x) := by
  induction ha with
  | leaf => exact .node .leaf hx .leaf
  | node hl hk hr ihl ihr =>
    simp only [insert]
    split
    · exact .node ihl hk hr
    · split
      · exact .node hl hk ihr
      · exact .node hl hk hr

theorem ordered_insert (x : Nat) (h : Ordered t) : Ordered (t.insert x) := by
  induction h with
  | leaf => exact .node .leaf .leaf .leaf .leaf
  | node hl al ar hr ihl ihr =>
    simp only [insert]
    split
    · next hx => exact .node ihl (all_insert hx al) ar hr
    · split
      · next hx => exact .node hl al (all_insert hx ar) ihr
      · exact .node hl al ar hr

theorem mem_insert_self (x : Nat) (t : Bst) : x ∈ t.insert x := by
  induction t with
  | leaf => exact Mem.root
  | node l k r ihl ihr =>
    simp only [insert]
    split
    · exact Mem.left ihl
    · split
      · exact Mem.right ihr
      · have : x = k := by omega
        exact this ▸ Mem.root

theorem contains_iff_mem (x : Nat) (h : Ordered t) : t.contains x = true ↔ x ∈ t := by
  induction h with
  | leaf => exact ⟨nofun, nofun⟩
  | @node l k r hl al ar hr ihl ihr =>
    simp only [contains]
    split
    · next hx =>
      rw [ihl]
      refine ⟨Mem.left, fun hm => ?_⟩
      cases hm with
      | root => omega
      | left h => exact h
      | right h => have := ar.mem h; omega
    · split
      · rw [ihr]
        refine ⟨Mem.right, fun hm => ?_⟩
        cases hm with
        | root => omega
        | left h => have := al.mem h; omega
        | right h => exact h
      · have : x = k := by omega
        exact ⟨fun _ => this ▸ Mem.root, fun _ => rfl⟩

theorem toList_go (t : Bst) (acc : List Nat) : toList.go t acc = t.inorder ++ acc := by
  induction t generalizing acc with
  | leaf => rfl
  | node l k r ihl ihr => simp [toList.go, inorder, ihl, ihr]

theorem toList_eq (t : Bst) : t.toList = t.inorder := by simp [toList, toList_go]

theorem mem_inorder (x : Nat) (t : Bst) : x ∈ t.inorder ↔ x ∈ t := by
  induction t with
  | leaf => exact ⟨nofun, nofun⟩
  | node l k r ihl ihr =>
    simp only [inorder, List.mem_append, List.mem_cons, ihl, ihr]
    constructor
    · rintro (h | rfl | h)
      · exact Mem.left h
      · exact Mem.root
      · exact Mem.right h
    · intro h
      cases h with
      | root => exact .inr (.inl rfl)
      | left h => exact .inl h
      | right h => exact .inr (.inr h)

theorem count_eq_length (t : Bst) : t.count = t.inorder.length := by
  induction t with
  | leaf => rfl
  | node l k r ihl ihr => simp [count, inorder, ihl, ihr]; omega

theorem height_le_count (t : Bst) : t.height ≤ t.count := by
  induction t with
  | leaf => exact Nat.le_refl 0
  | node l k r ihl ihr => simp only [height, count]; omega

theorem count_lt_pow (t : Bst) : t.count < 2 ^ t.height := by
  induction t with
  | leaf => decide
  | node l k r ihl ihr =>
    have hl := Nat.pow_le_pow_right (n := 2) (by decide) (Nat.le_max_left l.height r.height)
    have hr := Nat.pow_le_pow_right (n := 2) (by decide) (Nat.le_max_right l.height r.height)
    simp only [height, count, Nat.pow_succ]
    omega

theorem sorted_example : ((leaf.insert 3).insert 1 |>.insert 2).toList = [1, 2, 3] := by decide

def Tree := { t : Bst // t.Ordered }

def Tree.insert (x : Nat) (t : Tree) : Tree := ⟨t.1.insert x, ordered_insert x t.2⟩

theorem Tree.mem_insert (x : Nat) (t : Tree) : (t.insert x).1.contains x = true :=
  (contains_iff_mem x (t.insert x).2).mpr (mem_insert_self x t.1)

end Bst
