theorem comp_assoc.{w} {α β γ δ : Type w} (f : γ → δ) (g : β → γ) (h : α → β) : (f ∘ g) ∘ h = f ∘ (g ∘ h) := rfl
