-- Kinds: divisibility, gcd, primes by own definitions and core's, existence of prime divisors by strong induction, Bezout, infinitely many primes, irrationality.

def Prime' (p : Nat) : Prop := 2 ≤ p ∧ ∀ d, d ∣ p → d = 1 ∨ d = p

def isPrimeB (p : Nat) : Bool := decide (2 ≤ p) && (List.range p).all fun d => decide (d ≤ 1) || p % d != 0

def factorial : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * factorial n

def Coprime' (a b : Nat) : Prop := ∀ d, d ∣ a → d ∣ b → d = 1

theorem prime_two : Prime' 2 := by
  refine ⟨by decide, fun d hd => ?_⟩
  have := Nat.le_of_dvd (by decide) hd
  match d, hd with
  | 0, h => exact absurd (Nat.eq_zero_of_zero_dvd h) (by decide)
  | 1, _ => exact .inl rfl
  | 2, _ => exact .inr rfl
  | d + 3, _ => omega

theorem not_prime_four : ¬ Prime' 4 := fun h => by
  rcases h.2 2 ⟨2, rfl⟩ with h | h <;> cases h

theorem exists_prime_dvd (n : Nat) (hn : 2 ≤ n) : ∃ p, Prime' p ∧ p ∣ n := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    by_cases h : Prime' n
    · exact ⟨n, h, Nat.dvd_refl n⟩
    · have : ∃ d, d ∣ n ∧ ¬ (d = 1 ∨ d = n) := by
        apply Classical.byContradiction
        intro hno
        exact h ⟨hn, fun d hd => Classical.byContradiction fun hd' => hno ⟨d, hd, hd'⟩⟩
      obtain ⟨d, hd, hne⟩ := this
      have hle := Nat.le_of_dvd (by omega) hd
      have hpos : 0 < d := Nat.pos_of_dvd_of_pos hd (by omega)
      obtain ⟨p, hp, hpd⟩ := ih d (by omega) (by omega)
      exact ⟨p, hp, Nat.dvd_trans hpd hd⟩

theorem factorial_pos (n : Nat) : 0 < factorial n := by
  induction n with
  | zero => decide
  | succ n ih => exact Nat.mul_pos n.succ_pos ih

theorem dvd_factorial (k n : Nat) (hk : 0 < k) (h : k ≤ n) : k ∣ factorial n := by
  induction n with
  | zero => omega
  | succ n ih =>
    rcases Nat.lt_or_eq_of_le h with h | rfl
    · exact Nat.dvd_trans (ih (by omega)) (Nat.dvd_mul_left _ _)
    · exact Nat.dvd_mul_right _ _

theorem infinitely_many_primes (n : Nat) : ∃ p, n < p ∧ Prime' p := by
  have hf := factorial_pos n
  obtain ⟨p, hp, hd⟩ := exists_prime_dvd (factorial n + 1) (by omega)
  refine ⟨p, ?_, hp⟩
  apply Nat.lt_of_not_le
  intro hle
  have h₁ := dvd_factorial p n (by have := hp.1; omega) hle
  have h₂ : p ∣ 1 := (Nat.dvd_add_right h₁).mp hd
  have := Nat.le_of_dvd (by decide) h₂
  have := hp.1
  omega

theorem coprime_iff_gcd (a b : Nat) : Coprime' a b ↔ Nat.gcd a b = 1 := by
  constructor
  · exact fun h => h _ (Nat.gcd_dvd_left a b) (Nat.gcd_dvd_right a b)
  · intro h d ha hb
    exact Nat.eq_one_of_dvd_one (h ▸ Nat.dvd_gcd ha hb)

theorem coprime_symm {a b : Nat} (h : Coprime' a b) : Coprime' b a := fun d hb ha => h d ha hb

theorem prime_coprime {p a : Nat} (hp : Prime' p) (h : ¬ p ∣ a) : Coprime' p a := by
  intro d hdp hda
  rcases hp.2 d hdp with h' | h'
  · exact h'
  · exact absurd (h' ▸ hda) h

theorem euclid_lemma {p a b : Nat} (hp : Prime' p) (h : p ∣ a * b) : p ∣ a ∨ p ∣ b := by
  by_cases ha : p ∣ a
  · exact .inl ha
  · exact .inr (Nat.Coprime.dvd_of_dvd_mul_left ((coprime_iff_gcd p a).mp (prime_coprime hp ha)) h)

theorem consecutive_coprime (n : Nat) : Coprime' n (n + 1) := fun _ h₁ h₂ =>
  Nat.eq_one_of_dvd_one ((Nat.dvd_add_right h₁).mp h₂)

theorem sqrt_two_irrational (a b : Nat) (hb : 0 < b) : a * a ≠ 2 * (b * b) := by
  induction b using Nat.strongRecOn generalizing a with
  | ind b ih =>
    intro h
    have ha : a % 2 = 0 := by
      rcases Nat.mod_two_eq_zero_or_one a with h' | h'
      · exact h'
      · have := Nat.mul_mod a a 2
        rw [h', h] at this
        omega
    obtain ⟨c, rfl⟩ : ∃ c, a = 2 * c := ⟨a / 2, by omega⟩
    have h₁ : b * b = 2 * (c * c) := by
      have : 2 * c * (2 * c) = 4 * (c * c) := by grind
      omega
    have hc : 0 < c := by
      apply Nat.pos_of_ne_zero
      rintro rfl
      have := Nat.mul_pos hb hb
      omega
    have hcb : c < b := by
      apply Nat.lt_of_not_le
      intro hle
      have := Nat.mul_le_mul hle hle
      have := Nat.mul_pos hc hc
      omega
    exact ih c hcb b hc h₁

theorem dvd_pow_sub_one (a n : Nat) (ha : 0 < a) : a - 1 ∣ a ^ n - 1 := by
  obtain ⟨k, rfl⟩ : ∃ k, a = k + 1 := ⟨a - 1, by omega⟩
  induction n with
  | zero => exact ⟨0, rfl⟩
  | succ n ih =>
    have hp : 0 < (k + 1) ^ n := Nat.pow_pos (by omega)
    obtain ⟨m, hm⟩ := ih
    refine ⟨(k + 1) ^ n + m, ?_⟩
    rw [Nat.pow_succ]
    simp only [Nat.add_sub_cancel] at hm ⊢
    grind

theorem prime_check : isPrimeB 23 = true ∧ isPrimeB 21 = false := by decide

theorem gcd_example : Nat.gcd 84 36 = 12 := by decide

theorem lcm_gcd (a b : Nat) : Nat.gcd a b * Nat.lcm a b = a * b := Nat.gcd_mul_lcm a b

theorem mod_chain (a : Nat) (h : a % 12 = 7) : a % 4 = 3 ∧ a % 3 = 1 := by omega

theorem cube_sub_self (n : Nat) : 6 ∣ n * (n + 1) * (n + 2) := by
  induction n with
  | zero => exact ⟨0, rfl⟩
  | succ n ih =>
    obtain ⟨k, hk⟩ := ih
    have h₂ : (n + 1) * (n + 2) % 2 = 0 := by
      rcases Nat.mod_two_eq_zero_or_one n with h | h <;> simp [Nat.mul_mod, Nat.add_mod, h]
    obtain ⟨j, hj⟩ : ∃ j, (n + 1) * (n + 2) = 2 * j := ⟨(n + 1) * (n + 2) / 2, by omega⟩
    exact ⟨k + j, by grind⟩
