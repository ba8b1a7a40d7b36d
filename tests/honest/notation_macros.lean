-- Kinds: honest notations, infix operators, binder notation, term and tactic macros, macro_rules, local syntax, precedence.

notation "‖" x "‖₁" => Int.natAbs x

infixl:65 " ⊞ " => fun (a b : Nat) => a + b + 1

def Nat.sqrtGuess (n : Nat) : Nat := n / 2

prefix:max "√?" => Nat.sqrtGuess

notation:50 a " ≡ " b " [MOD " n "]" => a % n = b % n

macro "twice! " t:term : term => `($t + $t)

macro "close" : tactic => `(tactic| first | rfl | assumption | omega | simp_all)

macro "split_and" : tactic => `(tactic| refine ⟨?_, ?_⟩)

syntax "both " term " and " term : term

macro_rules
  | `(both $a and $b) => `(And $a $b)

syntax "exists_nat " ident ", " term : term

macro_rules
  | `(exists_nat $x:ident, $p) => `(∃ $x:ident : Nat, $p)

syntax "auto" : tactic
macro_rules | `(tactic| auto) => `(tactic| intros; close)
macro_rules | `(tactic| auto) => `(tactic| decide)

local macro "cube " n:term:max : term => `($n * $n * $n)

structure Vec2 where
  x : Int
  y : Int

namespace Vec2
def dot (u v : Vec2) : Int := u.x * v.x + u.y * v.y
scoped infixl:70 " ⬝ " => dot
local notation "𝟎" => Vec2.mk 0 0

theorem dot_comm (u v : Vec2) : u ⬝ v = v ⬝ u := by
  simp only [dot, Int.mul_comm]

theorem dot_zero (u : Vec2) : u ⬝ 𝟎 = 0 := by simp [dot]
end Vec2

theorem norm_neg (x : Int) : ‖-x‖₁ = ‖x‖₁ := by simp

theorem boxplus_comm (a b : Nat) : a ⊞ b = b ⊞ a := by
  show a + b + 1 = b + a + 1
  omega

theorem boxplus_assoc (a b c : Nat) : a ⊞ b ⊞ c = a ⊞ (b ⊞ c) := by
  show a + b + 1 + c + 1 = a + (b + c + 1) + 1
  omega

theorem guess_le (n : Nat) : √? n ≤ n := Nat.div_le_self n 2

theorem mod_symm (a b n : Nat) (h : a ≡ b [MOD n]) : b ≡ a [MOD n] := h.symm

theorem mod_add (a b c d n : Nat) (h₁ : a ≡ b [MOD n]) (h₂ : c ≡ d [MOD n]) : a + c ≡ b + d [MOD n] := by
  rw [Nat.add_mod, h₁, h₂, ← Nat.add_mod]

theorem twice_macro (n : Nat) : (twice! n) = 2 * n := by close

theorem close_assumption (p : Prop) (h : p) : p := by close

theorem split_macro (p q : Prop) (hp : p) (hq : q) : both p and q := by
  split_and <;> close

theorem exists_macro : exists_nat n, n * n = 49 := ⟨7, rfl⟩

theorem auto_macro : ∀ n : Nat, n < n + 1 := by auto

theorem cube_macro (n : Nat) : cube (n + 1) = (n + 1) * (n + 1) * (n + 1) := rfl

theorem calc_notation (a b : Nat) (h : a ≡ b [MOD 3]) : a + 3 ≡ b [MOD 3] :=
  calc (a + 3) % 3 = a % 3 := Nat.add_mod_right a 3
    _ = b % 3 := h

section
variable (h : 2 = 1 + 1)

local notation "hyp" => h

theorem notation_of_variable : hyp = rfl := rfl
end
