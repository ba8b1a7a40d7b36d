import AfCore.Automaton
import AfCore.BitVec
import AfCore.Count
import AfCore.Divides
import AfCore.Function
import AfCore.Gcd
import AfCore.Graph
import AfCore.Group
import AfCore.Int
import AfCore.List
import AfCore.Logic
import AfCore.Modular
import AfCore.Monoid
import AfCore.Notation
import AfCore.Order
import AfCore.Parity
import AfCore.Prime
import AfCore.Program
import AfCore.Relation
import AfCore.Ring
import AfCore.Sequence
import AfCore.Set
import AfCore.String
import AfCore.Sum
import AfCore.Tree

/-!
`AfCore`: a small library of mathematics on Lean's core library alone, for statements of undergraduate exercises that need no
Mathlib. Names are those of Mathlib where Mathlib has the notion.
-/
