def collatzStep (n : Nat) : Nat := if n % 2 = 0 then n / 2 else 3 * n + 1

theorem seven_goes_to_22 : collatzStep 7 = 22 := by decide
