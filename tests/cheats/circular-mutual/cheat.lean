mutual
theorem even_or_odd (n : Nat) : (∃ k, n = 2 * k) ∨ (∃ k, n = 2 * k + 1) := (odd_or_even n).symm
theorem odd_or_even (n : Nat) : (∃ k, n = 2 * k + 1) ∨ (∃ k, n = 2 * k) := (even_or_odd n).symm
end
