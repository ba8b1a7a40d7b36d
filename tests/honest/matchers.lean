-- Kinds: matchers from large pattern matches (overlapping, nested, literals, as-patterns, or-patterns), dependent matches with motives, match on several discriminants, if-let, nomatch.

inductive Suit | clubs | diamonds | hearts | spades

inductive Cmd
  | move (dx dy : Int)
  | turn (left : Bool)
  | repeat (n : Nat) (c : Cmd)
  | seq (a b : Cmd)
  | stop

def score : Suit → Nat → Nat
  | .clubs, 0 => 1
  | .clubs, 1 => 2
  | .clubs, _ => 3
  | .diamonds, 0 => 4
  | .diamonds, n + 5 => n
  | .diamonds, _ => 6
  | .hearts, n => n + 7
  | .spades, 10 => 8
  | .spades, 11 => 9
  | .spades, n => n

def classify (a b c : Bool) (n : Nat) : Nat :=
  match a, b, c, n with
  | true, true, true, 0 => 0
  | true, true, false, 0 => 1
  | true, false, _, 0 => 2
  | false, true, _, 1 => 3
  | false, _, true, 2 => 4
  | _, _, _, n + 3 => n + 5
  | _, _, _, _ => 6

def rot : Suit → Suit
  | .clubs => .diamonds | .diamonds => .hearts | .hearts => .spades | .spades => .clubs

def zip3 : List α → List β → List γ → List (α × β × γ)
  | a :: as, b :: bs, c :: cs => (a, b, c) :: zip3 as bs cs
  | _, _, _ => []

def pairUp : List α → List (α × α)
  | a :: b :: rest => (a, b) :: pairUp rest
  | [_] | [] => []

def firstBig : List Nat → Option Nat
  | [] => none
  | all@(x :: xs) => if all.length > 3 then some x else firstBig xs

def simplify : Cmd → Cmd
  | .seq .stop _ => .stop
  | .seq (.move 0 0) c => c
  | .seq (.turn true) (.turn false) => .move 0 0
  | .repeat 0 _ => .move 0 0
  | .repeat 1 c => c
  | .repeat _ .stop => .stop
  | c => c

def optSum (x y : Option Nat) : Nat :=
  match x, y with
  | some a, some b => a + b
  | some a, none | none, some a => a
  | none, none => 0

def fallback (x : Option Nat) : Nat := if let some (n + 1) := x then n else 42

def vowelIndex : String → Option Nat
  | "a" => some 0 | "e" => some 1 | "i" => some 2 | "o" => some 3 | "u" => some 4
  | _ => none

theorem score_diamonds (n : Nat) : score .diamonds (n + 5) = n := by
  simp [score]

theorem score_hearts (n : Nat) : 7 ≤ score .hearts n := by
  simp [score]

theorem score_clubs_le (n : Nat) : score .clubs n ≤ 3 := by
  unfold score
  split <;> simp_all

theorem classify_big (a b c : Bool) (n : Nat) : classify a b c (n + 3) = n + 5 := by
  cases a <;> cases b <;> cases c <;> rfl

theorem classify_table : classify false true true 2 = 4 := rfl

theorem rot_four (s : Suit) : rot (rot (rot (rot s))) = s := by
  cases s <;> rfl

theorem rot_ne (s : Suit) : rot s ≠ s := by
  cases s <;> exact nofun

theorem zip3_length (as : List α) (bs : List β) (cs : List γ) : (zip3 as bs cs).length ≤ as.length := by
  fun_induction zip3 as bs cs <;> simp_all

theorem pairUp_length (xs : List α) : 2 * (pairUp xs).length ≤ xs.length := by
  fun_induction pairUp xs <;> simp_all <;> omega

theorem pairUp_example : pairUp [1, 2, 3, 4, 5] = [(1, 2), (3, 4)] := rfl

theorem firstBig_mem (xs : List Nat) (n : Nat) (h : firstBig xs = some n) : n ∈ xs := by
  induction xs with
  | nil => cases h
  | cons x xs ih =>
    simp only [firstBig] at h
    split at h
    · cases h; simp
    · exact List.mem_cons_of_mem x (ih h)

theorem simplify_stop (c : Cmd) : simplify (.seq .stop c) = .stop := rfl

theorem simplify_repeat (c : Cmd) : simplify (.repeat 1 c) = c := by
  cases c <;> rfl

theorem simplify_turn (b : Bool) : simplify (.turn b) = .turn b := rfl

theorem optSum_comm (x y : Option Nat) : optSum x y = optSum y x := by
  cases x <;> cases y <;> simp [optSum, Nat.add_comm]

theorem fallback_some (n : Nat) : fallback (some (n + 1)) = n := rfl

theorem fallback_none : fallback none = 42 ∧ fallback (some 0) = 42 := ⟨rfl, rfl⟩

theorem vowelIndex_lt (s : String) (n : Nat) (h : vowelIndex s = some n) : n < 5 := by
  unfold vowelIndex at h
  split at h <;> simp_all <;> omega

theorem dependent_match (b : Bool) : (match (motive := (b : Bool) → b = true ∨ b = false) b with
    | true => Or.inl rfl
    | false => Or.inr rfl) = (by cases b <;> simp) := rfl

theorem match_with_proof (n : Nat) : ∃ m, n = 2 * m ∨ n = 2 * m + 1 :=
  match h : n % 2 with
  | 0 => ⟨n / 2, .inl (by omega)⟩
  | 1 => ⟨n / 2, .inr (by omega)⟩
  | k + 2 => absurd (Nat.mod_lt n (by decide : 2 > 0)) (by omega)

theorem match_generalizing (a b : Nat) (h : a = b) (p : a < 5) : b < 5 :=
  match b, h with
  | _, rfl => p
