theorem and_swap' (p q : Prop) (h : p ∧ q) : q ∧ p := by
  obtain ⟨hp, hq⟩ := h
  exact ⟨hq, hp⟩

theorem or_cases (p q r : Prop) (h : p ∨ q) (hp : p → r) (hq : q → r) : r := by
  rcases h with h | h
  · exact hp h
  · exact hq h

theorem add_zero' (n : Nat) : 0 + n = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [← Nat.add_assoc, ih]

theorem left_open (p q : Prop) (hp : p) : p ∧ q := by
  constructor
  · exact hp

theorem wrong_case (n : Nat) : n = n := by
  cases n with
  | zero => rfl
  | suc n => rfl

theorem extra (p : Prop) (hp : p) : p := by
  exact hp
  exact hp
