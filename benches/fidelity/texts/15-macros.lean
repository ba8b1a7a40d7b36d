macro "finish" : tactic => `(tactic| first | rfl | omega | simp)
macro "nothing" : tactic => `(tactic| skip)
theorem a (n : Nat) : n + 0 = n := by finish
theorem b (n : Nat) : n + 1 = n := by finish
theorem c (n : Nat) : n = n := by nothing

syntax "twice " term:max : term
macro_rules
  | `(twice $x) => `($x + $x)
theorem d : twice 3 = 6 := rfl
theorem e : twice 3 = 7 := rfl

macro "hidden" : term => `(sorry)
theorem f : 1 = 2 := hidden
macro "lemma' " n:ident " : " t:term " := " v:term : command => `(theorem $n : $t := $v)
lemma' g : 1 = 1 := rfl
lemma' h : 1 = 2 := rfl
