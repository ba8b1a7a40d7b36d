-- Kinds: mutual inductive types, mutual structural and well-founded definitions, mutual theorems, mutual inductive predicates.

mutual
  def isEven : Nat → Bool
    | 0 => true
    | n + 1 => isOdd n
  def isOdd : Nat → Bool
    | 0 => false
    | n + 1 => isEven n
end

mutual
  inductive Tree (α : Type u) where
    | node : α → Forest α → Tree α
  inductive Forest (α : Type u) where
    | nil : Forest α
    | cons : Tree α → Forest α → Forest α
end

mutual
  def Tree.size : Tree α → Nat
    | .node _ f => f.size + 1
  def Forest.size : Forest α → Nat
    | .nil => 0
    | .cons t f => t.size + f.size
end

mutual
  def Tree.map (g : α → β) : Tree α → Tree β
    | .node a f => .node (g a) (f.map g)
  def Forest.map (g : α → β) : Forest α → Forest β
    | .nil => .nil
    | .cons t f => .cons (t.map g) (f.map g)
end

mutual
  def Tree.flatten : Tree α → List α
    | .node a f => a :: f.flatten
  def Forest.flatten : Forest α → List α
    | .nil => []
    | .cons t f => t.flatten ++ f.flatten
end

mutual
  inductive Ev : Nat → Prop
    | zero : Ev 0
    | succ : Od n → Ev (n + 1)
  inductive Od : Nat → Prop
    | succ : Ev n → Od (n + 1)
end

mutual
  def ping (n : Nat) : Nat := if n = 0 then 0 else pong (n / 2) + 1
  termination_by n
  decreasing_by omega
  def pong (n : Nat) : Nat := if n = 0 then 0 else ping (n - 1) + 1
  termination_by n
  decreasing_by omega
end

mutual
  theorem isEven_iff : ∀ n, isEven n = true ↔ n % 2 = 0
    | 0 => by simp [isEven]
    | n + 1 => by rw [isEven, isOdd_iff n]; omega
  theorem isOdd_iff : ∀ n, isOdd n = true ↔ n % 2 = 1
    | 0 => by simp [isOdd]
    | n + 1 => by rw [isOdd, isEven_iff n]; omega
end

theorem isEven_not_isOdd (n : Nat) : isEven n = !isOdd n := by
  induction n with
  | zero => rfl
  | succ n ih => simp [isEven, isOdd, ih]

mutual
  theorem Tree.size_pos : (t : Tree α) → 0 < t.size
    | .node _ f => by rw [Tree.size]; omega
  theorem Forest.size_nonneg : (f : Forest α) → 0 ≤ f.size
    | .nil => Nat.le_refl _
    | .cons _ _ => Nat.zero_le _
end

mutual
  theorem Tree.size_map (g : α → β) : (t : Tree α) → (t.map g).size = t.size
    | .node _ f => by simp [Tree.map, Tree.size, Forest.size_map g f]
  theorem Forest.size_map (g : α → β) : (f : Forest α) → (f.map g).size = f.size
    | .nil => by simp [Forest.map, Forest.size]
    | .cons t f => by simp [Forest.map, Forest.size, Tree.size_map g t, Forest.size_map g f]
end

mutual
  theorem Tree.length_flatten : (t : Tree α) → t.flatten.length = t.size
    | .node _ f => by simp [Tree.flatten, Tree.size, Forest.length_flatten f]
  theorem Forest.length_flatten : (f : Forest α) → f.flatten.length = f.size
    | .nil => by simp [Forest.flatten, Forest.size]
    | .cons t f => by simp [Forest.flatten, Forest.size, Tree.length_flatten t, Forest.length_flatten f]
end

mutual
  theorem Tree.map_id : (t : Tree α) → t.map id = t
    | .node _ f => by simp [Tree.map, Forest.map_id f]
  theorem Forest.map_id : (f : Forest α) → f.map id = f
    | .nil => rfl
    | .cons t f => by simp [Forest.map, Tree.map_id t, Forest.map_id f]
end

mutual
  theorem Ev.double : Ev n → n % 2 = 0
    | .zero => rfl
    | .succ h => by have := Od.double h; omega
  theorem Od.double : Od n → n % 2 = 1
    | .succ h => by have := Ev.double h; omega
end

theorem ev_or_od (n : Nat) : Ev n ∨ Od n := by
  induction n with
  | zero => exact .inl .zero
  | succ n ih =>
    rcases ih with h | h
    · exact .inr (.succ h)
    · exact .inl (.succ h)

theorem not_ev_one : ¬ Ev 1 := fun h => absurd h.double (by decide)

theorem ping_zero : ping 0 = 0 := by simp [ping]

theorem pong_three : pong 3 = 3 := by simp [ping, pong]

theorem tree_by_rec {p : Tree α → Prop} (h : ∀ a f, p (.node a f)) (t : Tree α) : p t :=
  Tree.rec (motive_1 := p) (motive_2 := fun _ => True) (fun a f _ => h a f) trivial
    (fun _ _ _ _ => trivial) t

theorem forest_cons_inj {t₁ t₂ : Tree α} {f₁ f₂ : Forest α}
    (h : Forest.cons t₁ f₁ = Forest.cons t₂ f₂) : t₁ = t₂ ∧ f₁ = f₂ := by
  injection h with h₁ h₂
  exact ⟨h₁, h₂⟩
