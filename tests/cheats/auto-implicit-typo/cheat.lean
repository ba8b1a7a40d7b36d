set_option autoImplicit true
def limit : Nat := 100
theorem between_limit : ∃ n, n < limit₁ + 1 ∧ limit₁ ≤ n := ⟨limit₁, Nat.lt_succ_self limit₁, Nat.le_refl limit₁⟩
