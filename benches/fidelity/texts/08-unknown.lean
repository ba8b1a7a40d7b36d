theorem a (n : Nat) : n ≤ foo n := by omega
theorem b (n : Nat) : n ≤ n + 1 := Nat.le_succ_self_of_lt n
theorem c (n : Nat) : n ≤ n + 1 := by exact Nat.not_a_lemma n
theorem d (xs : List Nat) : xs.lengthh = 0 := by simp
theorem e (x : ℝ) : x = x := rfl
theorem f (n : Nat) : n.succ.pred = n := by rw [Nat.nothing]
open Nowhere
theorem g (h : 1 = 2) : False := by
  apply absurd h
  exact no_such_thing
theorem k (α : Type) [Fintype α] : True := trivial
attribute [no_such_attribute] a
set_option no.such.option true
