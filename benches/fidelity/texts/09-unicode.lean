theorem «äöü ß» (𝔸 𝔹 : Prop) (h𝔸 : 𝔸) (h𝔹 : 𝔹) : 𝔹 ∧ 𝔸 := ⟨h𝔹, h𝔸⟩
theorem emoji : "😀😀" = "😀😀" ∧ 𝔵 = 1 := by simp
theorem α₁ (x₁ x₂ : Nat) (h : x₁ = x₂) : x₂ = x₁ := by /- 𝔸𝔹ℂ -/ exact h
theorem β (f : Nat → Nat) : (λ x ↦ f x) = f ∧ «no such» := ⟨rfl, rfl⟩
theorem γ (s : String) : s ++ "∀∃" = "∀∃" ++ s := by 𝕊imp
theorem δ (a b : Nat) (h : a ≤ b) : ¬ b < a := by omega
theorem ε (a b : Nat) (h : a ≤ b) : ¬ b ≤ a := /- ←←← -/ by omega
