-- Kinds: one theorem per tactic: ac_rfl, grind (own attributes), conv, calc with Trans, split, rintro, injection, contradiction, exists, refine with case, repeat, all_goals, specialize, change, symm, subst, revert, generalize, and_intros.

@[grind =] def dbl (n : Nat) : Nat := n + n

@[grind] inductive Tri where | a | b | c

instance : Trans (fun a b : Nat => a ∣ b) (fun a b : Nat => a ∣ b) (fun a b : Nat => a ∣ b) := ⟨Nat.dvd_trans⟩

def Near (a b : Nat) : Prop := a ≤ b + 1 ∧ b ≤ a + 1

@[refl] theorem Near.refl (a : Nat) : Near a a := ⟨Nat.le_succ a, Nat.le_succ a⟩

@[symm] theorem Near.symm {a b : Nat} (h : Near a b) : Near b a := ⟨h.2, h.1⟩

theorem by_ac_rfl (a b c d : Nat) : a + b + (c + d) = d + b + (a + c) := by ac_rfl

theorem by_grind_def (n : Nat) : dbl (dbl n) = 4 * n := by grind

theorem by_grind_cases (t : Tri) (h₁ : t ≠ .a) (h₂ : t ≠ .b) : t = .c := by grind

theorem by_conv_arg (f : Nat → Nat → Nat) (a b : Nat) (h : b + a = 3) : f (a + b) 1 = f 3 1 := by
  conv in a + b => rw [Nat.add_comm, h]

theorem by_calc_trans (a b c : Nat) (h₁ : a ∣ b) (h₂ : b ∣ c) : a ∣ c * 5 :=
  calc a ∣ b := h₁
    _ ∣ c := h₂
    _ ∣ c * 5 := Nat.dvd_mul_right c 5

theorem by_split (n : Nat) : (if n < 3 then 1 else if n < 7 then 2 else 3) ≤ 3 := by
  split
  · decide
  · split <;> decide

theorem by_rintro (p q r : Prop) : (p ∧ (q ∨ r)) → (p ∧ q) ∨ (p ∧ r) := by
  rintro ⟨hp, hq | hr⟩
  next => exact .inl ⟨hp, hq⟩
  next => exact .inr ⟨hp, hr⟩

theorem by_injection (a b c d : Nat) (h : [a, b] = [c, d]) : a = c ∧ b = d := by
  injection h with h₁ h₂
  injection h₂ with h₂ _
  exact ⟨h₁, h₂⟩

theorem by_contradiction' (n : Nat) (h₁ : n < 3) (h₂ : ¬ n < 3) : n = 100 := by contradiction

theorem by_exists : ∃ a b : Nat, a * b = 91 ∧ 1 < a ∧ 1 < b := by
  exists 7, 13

theorem by_refine (p q : Prop) (hp : p) (hpq : p → q) : p ∧ q ∧ p := by
  refine ⟨?first, ?_, hp⟩
  case first => exact hp
  exact hpq hp

theorem by_repeat : (1 : Nat) ≤ 5 := by
  repeat (first | exact Nat.le_refl _ | apply Nat.le_succ_of_le)

theorem by_all_goals (b c : Bool) : (b && c) = (c && b) := by
  cases b
  all_goals cases c
  any_goals rfl

theorem by_specialize (p : Nat → Prop) (h : ∀ n, p n → p (n + 1)) (h₀ : p 0) : p 2 := by
  have h' := h 0
  specialize h' h₀
  exact h 1 h'

theorem by_change (n : Nat) : Nat.succ n = n + 1 := by
  change n + 1 = n + 1
  rfl

theorem by_symm (a b : Nat) (h : Near a b) : Near b a := by
  symm
  exact h

theorem by_subst (a b c : Nat) (h₁ : a = b) (h₂ : b = c) : c = a := by
  subst h₁ h₂
  rfl

theorem by_revert (n : Nat) (h : n < 5) : n * n < 25 := by
  revert n
  decide

theorem by_simp_at (a b : Nat) (h : a + 0 = b * 1) : b = a := by
  simp at h
  exact h.symm

theorem by_simp_all (p q : Prop) (h₁ : p ↔ q) (h₂ : p) : q ∧ p := by simp_all

theorem by_generalize (a b : Nat) : (a + b) * 2 = (a + b) + (a + b) := by
  generalize a + b = s
  omega

theorem by_iterate (p : Prop) (h : p) : p ∧ p ∧ p := by
  and_intros <;> exact h

theorem by_cases_match (n : Nat) : (match n with | 0 => 1 | n + 1 => n) ≤ n + 1 := by
  cases n with
  | zero => exact Nat.le_refl 1
  | succ n => exact Nat.le_trans (Nat.le_succ n) (Nat.le_succ _)
