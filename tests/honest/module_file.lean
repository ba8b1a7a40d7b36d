-- Kinds: a file with a `module` header: public and private declarations, exposed and unexposed bodies, public sections, public imports.
module

public import Init.Data.List.Lemmas

public def shift (n : Nat) : Nat := n + 1

@[expose] public def double (n : Nat) : Nat := n + n

def hiddenDef (n : Nat) : Nat := n * 2

private theorem hidden_eq (n : Nat) : hiddenDef n = double n := by
  simp only [hiddenDef, double]
  omega

public theorem shift_gt (n : Nat) : n < shift n := Nat.lt_succ_self n

public theorem double_even (n : Nat) : double n % 2 = 0 := by
  rw [← hidden_eq, hiddenDef]
  omega

public section

structure Cell where
  value : Nat
  private secret : Nat := 0

namespace Cell

def bump (c : Cell) : Cell := { c with value := c.value + 1 }

theorem bump_value (c : Cell) : c.bump.value = c.value + 1 := rfl

theorem bump_bump (c : Cell) : c.bump.bump.value = c.value + 2 := rfl

theorem default_secret (n : Nat) : ({ value := n } : Cell).secret = 0 := rfl

end Cell

inductive Light where
  | red | amber | green
  deriving DecidableEq

@[expose] def Light.next : Light → Light
  | red => green
  | amber => red
  | green => amber

theorem Light.next_three (l : Light) : l.next.next.next = l := by
  cases l <;> rfl

theorem Light.next_ne (l : Light) : l.next ≠ l := by
  cases l <;> decide

end

theorem shift_shift (n : Nat) : shift (shift n) = n + 2 := rfl

public theorem list_len (xs : List Nat) : (xs.map shift).length = xs.length := by simp
