namespace Done
theorem lt_or_ge (a b : Nat) : a < b ∨ b ≤ a := by omega
end Done
export Done (lt_or_ge)

theorem lt_or_ge_nat (a b : Nat) : a < b ∨ b ≤ a := lt_or_ge a b
