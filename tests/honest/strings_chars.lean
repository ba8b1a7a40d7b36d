-- Kinds: characters and strings as lists of characters, own parsers and printers on List Char, decidable character classes, string literals in patterns.

def isVowel (c : Char) : Bool :=
  match c with
  | 'a' | 'e' | 'i' | 'o' | 'u' => true
  | _ => false

def greet : String → Nat
  | "hello" => 1
  | "bye" => 2
  | _ => 0

def digitVal (c : Char) : Option Nat :=
  if '0' ≤ c ∧ c ≤ '9' then some (c.toNat - '0'.toNat) else none

def parse : List Char → Nat → Option Nat
  | [], acc => some acc
  | c :: cs, acc =>
    match digitVal c with
    | some d => parse cs (10 * acc + d)
    | none => none

def countC (c : Char) : List Char → Nat
  | [] => 0
  | d :: ds => countC c ds + if c = d then 1 else 0

def balanced : List Char → Int → Bool
  | [], k => k == 0
  | '(' :: cs, k => balanced cs (k + 1)
  | ')' :: cs, k => decide (0 < k) && balanced cs (k - 1)
  | _ :: cs, k => balanced cs k

def rotate (c : Char) : Char :=
  if c = 'z' then 'a' else Char.ofNat (c.toNat + 1)

structure Token where
  kind : String
  text : List Char
  deriving DecidableEq

theorem vowel_a : isVowel 'a' = true := rfl

theorem not_vowel_z : isVowel 'z' = false := by decide

theorem vowel_cases (c : Char) (h : isVowel c = true) : c = 'a' ∨ c = 'e' ∨ c = 'i' ∨ c = 'o' ∨ c = 'u' := by
  unfold isVowel at h
  split at h <;> simp_all

theorem greet_hello : greet "hello" = 1 := by simp [greet]

theorem greet_other (s : String) (h₁ : s ≠ "hello") (h₂ : s ≠ "bye") : greet s = 0 := by
  unfold greet
  split <;> simp_all

theorem greet_le (s : String) : greet s ≤ 2 := by
  unfold greet
  split <;> decide

theorem char_toNat : 'A'.toNat = 65 := rfl

theorem char_ne : 'x' ≠ 'y' := by decide

theorem char_lt : 'a' < 'b' := by decide

theorem char_ext (c d : Char) (h : c.toNat = d.toNat) : c = d := Char.ext (UInt32.toNat_inj.mp h)

theorem unicode_escape : '\u03b1' = 'α' := rfl

theorem parse_example : parse ['4', '0', '7'] 0 = some 407 := by decide

theorem parse_fail : parse ['4', 'x'] 0 = none := by decide

theorem parse_append (cs ds : List Char) (acc : Nat) :
    parse (cs ++ ds) acc = (parse cs acc).bind (parse ds) := by
  induction cs generalizing acc with
  | nil => rfl
  | cons c cs ih =>
    simp only [List.cons_append, parse]
    split
    · exact ih _
    · rfl

theorem countC_append (c : Char) (xs ys : List Char) : countC c (xs ++ ys) = countC c xs + countC c ys := by
  induction xs with
  | nil => simp [countC]
  | cons d ds ih => simp [countC, ih]; omega

theorem countC_le (c : Char) (xs : List Char) : countC c xs ≤ xs.length := by
  induction xs with
  | nil => exact Nat.le_refl 0
  | cons d ds ih =>
    simp only [countC, List.length_cons]
    split <;> omega

theorem balanced_example : balanced ['(', '(', ')', 'x', ')'] 0 = true := by decide

theorem unbalanced_example : balanced [')', '('] 0 = false := rfl

theorem rotate_z : rotate 'z' = 'a' := rfl

theorem token_dec : (⟨"num", ['1']⟩ : Token) ≠ ⟨"num", ['2']⟩ := by decide

theorem string_inj (s t u : String) (h : s = t) : s ++ u = t ++ u := by rw [h]

theorem ofList_toList (s : String) : String.ofList s.toList = s := by simp

theorem append_assoc' (s t u : String) : s ++ t ++ u = s ++ (t ++ u) := String.append_assoc
