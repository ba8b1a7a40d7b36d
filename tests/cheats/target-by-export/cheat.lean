namespace Done
theorem lt_or_ge_nat (a b : Nat) : a < b ∨ b ≤ a := by omega
end Done
export Done (lt_or_ge_nat)

#check (lt_or_ge_nat : ∀ a b : Nat, a < b ∨ b ≤ a)
