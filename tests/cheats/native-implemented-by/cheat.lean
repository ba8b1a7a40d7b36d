def collatzStep (n : Nat) : Nat := if n % 2 = 0 then n / 2 else 3 * n + 1

def always (b : Bool) : Bool := true
@[implemented_by always] def trusted (b : Bool) : Bool := b

theorem lie : trusted false = true := by native_decide

theorem seven_goes_to_22 : collatzStep 7 = 22 := by
  exact absurd lie (by decide)
