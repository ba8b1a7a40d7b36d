import Std.Data.HashMap

theorem two_mul_nat (n : Nat) : n + n = 2 * n := by omega
