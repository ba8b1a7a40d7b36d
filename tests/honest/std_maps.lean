-- Kinds: imports of Std (HashMap, TreeMap, HashSet), lemmas about them, structures that hold maps, folds over lists into maps.
import Std.Data.HashMap
import Std.Data.TreeMap
import Std.Data.HashSet

open Std

structure Inventory where
  items : HashMap Nat Nat := ∅

namespace Inventory

def add (i : Inventory) (k n : Nat) : Inventory := { i with items := i.items.insert k (i.items.getD k 0 + n) }

def amount (i : Inventory) (k : Nat) : Nat := i.items.getD k 0

theorem amount_empty (k : Nat) : ({} : Inventory).amount k = 0 := by simp [amount]

theorem amount_add_self (i : Inventory) (k n : Nat) : (i.add k n).amount k = i.amount k + n := by
  simp [amount, add]

theorem amount_add_other (i : Inventory) (j k n : Nat) (h : k ≠ j) : (i.add k n).amount j = i.amount j := by
  simp [amount, add, HashMap.getD_insert, h]

theorem add_comm_amount (i : Inventory) (j k m n l : Nat) :
    ((i.add j m).add k n).amount l = ((i.add k n).add j m).amount l := by
  simp only [amount, add, HashMap.getD_insert]
  grind

end Inventory

theorem hash_insert_get (m : HashMap String Nat) (k : String) (v : Nat) : (m.insert k v)[k]? = some v := by simp

theorem hash_insert_ne (m : HashMap Nat Nat) (j k v : Nat) (h : j ≠ k) : (m.insert j v)[k]? = m[k]? := by
  simp [HashMap.getElem?_insert, h]

theorem hash_erase (m : HashMap Nat Nat) (k : Nat) : k ∉ m.erase k := by simp

theorem hash_mem_insert (m : HashMap Nat Nat) (k v : Nat) : k ∈ m.insert k v := by simp

theorem hash_size_le (m : HashMap Nat Nat) (k v : Nat) : m.size ≤ (m.insert k v).size :=
  HashMap.size_le_size_insert

theorem hash_empty (k : Nat) : (∅ : HashMap Nat Nat)[k]? = none := by simp

theorem tree_insert_get (t : TreeMap Nat String) (k : Nat) (v : String) : (t.insert k v)[k]? = some v := by simp

theorem tree_erase (t : TreeMap Nat Nat) (k : Nat) : (t.erase k)[k]? = none := by simp

theorem tree_size (t : TreeMap Nat Nat) (k v : Nat) (h : k ∉ t) : (t.insert k v).size = t.size + 1 := by
  simp [TreeMap.size_insert, h]

theorem set_insert (s : HashSet Nat) (k : Nat) : (s.insert k).contains k = true := by simp

theorem set_mem_iff (s : HashSet Nat) (j k : Nat) : j ∈ s.insert k ↔ k = j ∨ j ∈ s := by simp

def countAll (xs : List Nat) (m : HashMap Nat Nat := ∅) : HashMap Nat Nat :=
  xs.foldl (fun m x => m.insert x (m.getD x 0 + 1)) m

theorem countAll_getD (xs : List Nat) (m : HashMap Nat Nat) (k : Nat) :
    (countAll xs m).getD k 0 = m.getD k 0 + xs.count k := by
  induction xs generalizing m with
  | nil => simp [countAll]
  | cons x xs ih =>
    have := ih (m.insert x (m.getD x 0 + 1))
    simp only [countAll, List.foldl_cons] at this ⊢
    rw [this, HashMap.getD_insert, List.count_cons]
    by_cases h : x = k <;> simp [h] <;> omega

theorem grind_map (m : HashMap Nat Nat) (h : m[3]? = some 4) : (m.insert 5 6)[3]? = some 4 := by grind
