universe u
theorem comp_assoc {α β γ δ : Type u} (f : γ → δ) (g : β → γ) (h : α → β) : (f ∘ g) ∘ h = f ∘ (g ∘ h) := sorry
