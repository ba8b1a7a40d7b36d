import Std.Data.HashMap
open Std

theorem empty (k : Nat) : (∅ : HashMap Nat Nat)[k]? = none := by simp
theorem insert (m : HashMap Nat Nat) : (m.insert 1 2)[1]? = some 2 := by simp
theorem wrong (m : HashMap Nat Nat) : (m.insert 1 2)[1]? = some 3 := by simp
theorem concrete : ((∅ : HashMap Nat Nat).insert 1 2).size = 1 := by decide
theorem concrete' : ((∅ : HashMap Nat Nat).insert 1 2).size = 1 := by simp
theorem fold : ((∅ : HashMap Nat Nat).insert 1 2).toList = [(1, 2)] := by rfl
