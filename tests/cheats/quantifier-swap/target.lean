theorem uniform_bound : ∃ c : Nat, ∀ n : Nat, n % 7 ≤ c := sorry
