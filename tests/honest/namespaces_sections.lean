-- Kinds: namespaces, nested sections, variables, include and omit, open and open scoped, private and protected declarations, export, alias, dotted and escaped names, universe declarations.

namespace Outer

private def hidden (n : Nat) : Nat := n + 2

private theorem hidden_pos (n : Nat) : 0 < hidden n := Nat.succ_pos _

protected def value : Nat := 5

theorem public_pos (n : Nat) : 0 < hidden (hidden n) := hidden_pos _

namespace Inner

def value : Nat := 6

theorem value_ne : value ≠ Outer.value := by decide

private structure Secret where
  code : Nat

private theorem Secret.eta (s : Secret) : Secret.mk s.code = s := rfl

theorem secret_exists : ∃ s : Secret, s.code = 4 := ⟨⟨4⟩, rfl⟩

end Inner

section
variable {α : Type u} (f : α → α) (x : α)

def applyTwice := f (f x)

theorem applyTwice_def : applyTwice f x = f (f x) := rfl

variable (hf : ∀ y, f y = y)

include hf in
theorem applyTwice_fix : applyTwice f x = x := by
  rw [applyTwice, hf, hf]

section
variable [Inhabited α]

theorem default_fix : (∀ y, f y = y) → f default = default := fun h => h default

omit [Inhabited α] in
theorem no_default (h : f x = x) : f (f x) = x := by rw [h, h]

end
end

theorem «a name with spaces» : (1 : Nat) + 1 = 2 := rfl

theorem dotted.inner.name : True := trivial

end Outer

open Outer (applyTwice applyTwice_def)
open Outer.Inner renaming value → innerValue

theorem open_renamed : innerValue = 6 := rfl

theorem open_selected (n : Nat) : applyTwice Nat.succ n = n + 2 := applyTwice_def Nat.succ n

theorem uses_spaces : 2 = 1 + 1 := Outer.«a name with spaces».symm

export Outer.Inner (value_ne)

theorem uses_export : Outer.Inner.value ≠ 5 := value_ne

namespace Nat.Extra

scoped notation "⟪" n "⟫" => Nat.succ (Nat.succ n)

scoped instance weird : Inhabited (Fin 3) := ⟨2⟩

theorem scoped_here : ⟪3⟫ = 5 := rfl

end Nat.Extra

open scoped Nat.Extra in
theorem scoped_open : ⟪0⟫ = 2 := rfl

open Nat in
theorem open_in (a b : Nat) : succ a + b = succ (a + b) := succ_add a b

section
universe v
variable (β : Type v) [Inhabited β]

theorem uses_variables : Nonempty β := ⟨default⟩

local instance : Inhabited (β × β) := ⟨(default, default)⟩

theorem local_inst : ∃ p : β × β, p.1 = p.2 := ⟨default, rfl⟩
end

theorem _root_.Outer.late (n : Nat) : n = n := rfl

namespace A.B.C
theorem deep : Outer.late 3 = rfl := rfl
end A.B.C

theorem from_root : _root_.A.B.C.deep = (rfl : Outer.late 3 = rfl) := rfl

variable (k : Nat) in
theorem variable_in : k ≤ k + k := Nat.le_add_left k k
