namespace Arith
theorem dist_le (a b : Nat) : a - b ≤ a := sorry
end Arith
