-- Kinds: Decidable instances by hand, Bool reflection, decidable predicates on finite structures, DecidablePred transport, by decide over own types, if-then-else and dite lemmas.

inductive Vote where | yes | no | abstain

instance : DecidableEq Vote
  | .yes, .yes | .no, .no | .abstain, .abstain => .isTrue rfl
  | .yes, .no | .yes, .abstain | .no, .yes | .no, .abstain | .abstain, .yes | .abstain, .no => .isFalse nofun

instance forallVote (p : Vote → Prop) [DecidablePred p] : Decidable (∀ v, p v) :=
  if h : p .yes ∧ p .no ∧ p .abstain then
    .isTrue fun v => match v with
      | .yes => h.1
      | .no => h.2.1
      | .abstain => h.2.2
  else .isFalse fun hv => h ⟨hv _, hv _, hv _⟩

def majority (a b c : Vote) : Vote := if a = b ∨ a = c then a else if b = c then b else .abstain

def Bounded (n : Nat) (p : Nat → Prop) : Prop := ∀ k, k < n → p k

instance decBounded (n : Nat) (p : Nat → Prop) [DecidablePred p] : Decidable (Bounded n p) :=
  match n with
  | 0 => .isTrue fun k h => absurd h (Nat.not_lt_zero k)
  | n + 1 =>
    match decBounded n p, ‹DecidablePred p› n with
    | .isTrue h₁, .isTrue h₂ => .isTrue fun k hk =>
        if e : k = n then e ▸ h₂ else h₁ k (by omega)
    | .isFalse h, _ => .isFalse fun h' => h fun k hk => h' k (by omega)
    | _, .isFalse h => .isFalse fun h' => h (h' n (Nat.lt_succ_self n))

structure Reflect (p : Prop) (b : Bool) : Prop where
  iff : p ↔ b = true

def IsSquare (n : Nat) : Prop := ∃ k, k ≤ n ∧ k * k = n

instance (n : Nat) : Decidable (IsSquare n) :=
  decidable_of_iff (∃ k, k < n + 1 ∧ k * k = n)
    ⟨fun ⟨k, h₁, h₂⟩ => ⟨k, Nat.le_of_lt_succ h₁, h₂⟩, fun ⟨k, h₁, h₂⟩ => ⟨k, Nat.lt_succ_of_le h₁, h₂⟩⟩

theorem vote_decide : Vote.yes ≠ .no := by decide

theorem majority_comm : ∀ a b : Vote, majority a b a = majority b a a := by decide

theorem majority_self : ∀ a b : Vote, majority a a b = a := by decide

theorem majority_sym : ∀ a b c : Vote, majority a b c = majority c b a := by decide

theorem bounded_decide : Bounded 10 fun n => n * n < 100 := by decide

theorem not_bounded : ¬ Bounded 10 fun n => n ≠ 7 := by decide

theorem bounded_mono (m n : Nat) (h : m ≤ n) (p : Nat → Prop) (hp : Bounded n p) : Bounded m p :=
  fun k hk => hp k (Nat.lt_of_lt_of_le hk h)

theorem reflect_and {p q : Prop} {a b : Bool} (h₁ : Reflect p a) (h₂ : Reflect q b) : Reflect (p ∧ q) (a && b) :=
  ⟨by rw [h₁.iff, h₂.iff, Bool.and_eq_true]⟩

theorem reflect_not {p : Prop} {a : Bool} (h : Reflect p a) : Reflect (¬ p) (!a) :=
  ⟨by rw [h.iff]; cases a <;> simp⟩

theorem reflect_decide (p : Prop) [Decidable p] : Reflect p (decide p) := ⟨by simp⟩

theorem square_sixteen : IsSquare 16 := by decide

theorem not_square_fifteen : ¬ IsSquare 15 := by decide

theorem ite_same (p : Prop) [Decidable p] (a : α) : (if p then a else a) = a := by
  split <;> rfl

theorem dite_proof (n : Nat) : (if h : 0 < n then (⟨0, h⟩ : Fin n).val else 0) = 0 := by
  split <;> rfl

theorem ite_not' (p : Prop) [Decidable p] (a b : Nat) : (if ¬ p then a else b) = if p then b else a := by
  by_cases h : p <;> simp [h]

theorem of_decide_true (p : Prop) [Decidable p] (h : decide p = true) : p := of_decide_eq_true h

theorem decide_instances_agree (p : Prop) (i j : Decidable p) : @decide p i = @decide p j := by
  congr

theorem markov (p : Nat → Prop) [DecidablePred p] (n : Nat) (h : ¬ ∀ k, k < n → ¬ p k) : ∃ k, k < n ∧ p k := by
  induction n with
  | zero => exact absurd (fun k hk => absurd hk (Nat.not_lt_zero k)) h
  | succ n ih =>
    if hn : p n then exact ⟨n, Nat.lt_succ_self n, hn⟩
    else
      obtain ⟨k, hk, hp⟩ := ih fun h' => h fun k hk => by
        rcases Nat.lt_or_eq_of_le (Nat.le_of_lt_succ hk) with h₁ | rfl
        · exact h' k h₁
        · exact hn
      exact ⟨k, Nat.lt_succ_of_lt hk, hp⟩

theorem de_morgan_tables : ∀ a b c : Bool, (!(a && b && c)) = (!a || !b || !c) := by decide

theorem nat_rec_decides (n : Nat) : decide (n = n) = true := decide_eq_true rfl
