import AfCore.List

/-!
# Words

This module owns combinatorics on words over core Lean's `String`: reversal, palindromes, powers,
prefixes, and the number of occurrences of a character. A word is a `String`, its letters are
`Char`s, `s.toList` is the list of its letters, `s ++ t` is concatenation and `s.length` the number
of letters.
-/

namespace String

/-- The word `s` read backwards. -/
def reverse (s : String) : String := String.ofList s.toList.reverse

/-- A palindrome is a word that reads the same from both ends. -/
def Palindrome (s : String) : Prop := s.reverse = s

/-- The number of occurrences of the letter `c` in the word `s`. -/
def count (c : Char) (s : String) : Nat := s.toList.count c

/-- The power `sⁿ`: the word `s` written `n` times in a row. It is written `s ^ n`. -/
def pow (s : String) : Nat → String
  | 0 => ""
  | n + 1 => s ++ pow s n

instance : NatPow String := ⟨pow⟩

/-- The word `s` is a prefix of the word `t`: `t = s ++ u` for some word `u`. -/
def IsPrefix (s t : String) : Prop := ∃ u, s ++ u = t

@[simp] theorem toList_reverse (s : String) : s.reverse.toList = s.toList.reverse := by
  simp [reverse]

@[simp] theorem reverse_empty : reverse "" = "" := by
  apply String.ext; simp

theorem length_eq_zero_iff {s : String} : s.length = 0 ↔ s = "" := by
  rw [← String.length_toList, List.length_eq_zero_iff, ← String.toList_inj]
  simp

theorem reverse_append (s t : String) : (s ++ t).reverse = t.reverse ++ s.reverse := by
  apply String.ext; simp

theorem palindrome_iff (s : String) : s.Palindrome ↔ s.toList.Palindrome := by
  rw [Palindrome, List.Palindrome, ← String.toList_inj, toList_reverse]

theorem count_eq (c : Char) (s : String) : s.count c = s.toList.count c := rfl

@[simp] theorem pow_zero (s : String) : s ^ 0 = "" := rfl

theorem pow_succ (s : String) (n : Nat) : s ^ (n + 1) = s ++ s ^ n := rfl

theorem isPrefix_iff (s t : String) : s.IsPrefix t ↔ s.toList <+: t.toList := by
  constructor
  · rintro ⟨u, rfl⟩
    simp
  · rintro ⟨u, h⟩
    exact ⟨String.ofList u, String.ext (by simp [h])⟩

end String
