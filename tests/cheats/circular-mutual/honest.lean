mutual
theorem even_or_odd (n : Nat) : (∃ k, n = 2 * k) ∨ (∃ k, n = 2 * k + 1) :=
  match n with
  | 0 => .inl ⟨0, rfl⟩
  | n + 1 => odd_or_even n
theorem odd_or_even (n : Nat) : (∃ k, n + 1 = 2 * k) ∨ (∃ k, n + 1 = 2 * k + 1) :=
  match even_or_odd n with
  | .inl ⟨k, h⟩ => .inr ⟨k, by omega⟩
  | .inr ⟨k, h⟩ => .inl ⟨k + 1, by omega⟩
end
