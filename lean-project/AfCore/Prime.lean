import AfCore.Divides
/-!
# Prime numbers

Owns `Nat.Prime`, the least prime factor of a number as an existence statement, Euclid's lemma,
and the infinitude of primes.
-/

namespace Nat

/-- A natural number is prime if it is at least two and its only divisors are one and itself. -/
def Prime (p : Nat) : Prop :=
  2 ≤ p ∧ ∀ m, m ∣ p → m = 1 ∨ m = p

/-- Primes by a bounded search for divisors. -/
theorem prime_def_lt {p : Nat} : Nat.Prime p ↔ 2 ≤ p ∧ ∀ m, m < p → m ∣ p → m = 1 := by
  constructor
  · rintro ⟨h2, h⟩
    exact ⟨h2, fun m hm hd => (h m hd).resolve_right (by omega)⟩
  · rintro ⟨h2, h⟩
    refine ⟨h2, fun m hd => ?_⟩
    have := Nat.le_of_dvd (by omega) hd
    by_cases hm : m = p
    · exact Or.inr hm
    · exact Or.inl (h m (by omega) hd)

instance (p : Nat) : Decidable (Nat.Prime p) := decidable_of_iff _ prime_def_lt.symm

namespace Prime

/-- A prime is at least two. -/
theorem two_le {p : Nat} (hp : Nat.Prime p) : 2 ≤ p := hp.1

/-- A prime is greater than one. -/
theorem one_lt {p : Nat} (hp : Nat.Prime p) : 1 < p := hp.1

/-- A prime is positive. -/
theorem pos {p : Nat} (hp : Nat.Prime p) : 0 < p := by
  have := hp.1
  omega

/-- One is not the value of a prime. -/
theorem ne_one {p : Nat} (hp : Nat.Prime p) : p ≠ 1 := by
  have := hp.1
  omega

/-- A divisor of a prime is one or the prime. -/
theorem eq_one_or_self_of_dvd {p : Nat} (hp : Nat.Prime p) (m : Nat) (h : m ∣ p) :
    m = 1 ∨ m = p := hp.2 m h

/-- A prime that does not divide a number is coprime to it. -/
theorem coprime_iff_not_dvd {p n : Nat} (hp : Nat.Prime p) : Nat.Coprime p n ↔ ¬ p ∣ n := by
  constructor
  · intro h hd
    have : p ∣ Nat.gcd p n := Nat.dvd_gcd (Nat.dvd_refl p) hd
    rw [h.gcd_eq_one] at this
    exact hp.ne_one (Nat.dvd_one.1 this)
  · intro h
    rcases hp.2 _ (Nat.gcd_dvd_left p n) with h1 | h1
    · exact h1
    · exact absurd (h1 ▸ Nat.gcd_dvd_right p n) h

/-- Euclid's lemma: a prime divides a product when it divides one of the factors. -/
theorem dvd_mul {p m n : Nat} (hp : Nat.Prime p) : p ∣ m * n ↔ p ∣ m ∨ p ∣ n := by
  constructor
  · intro h
    by_cases hm : p ∣ m
    · exact Or.inl hm
    · exact Or.inr ((hp.coprime_iff_not_dvd.2 hm).dvd_of_dvd_mul_left h)
  · rintro (h | h)
    · exact Nat.dvd_mul_right_of_dvd h n
    · exact Nat.dvd_mul_left_of_dvd h m

/-- A prime that divides a power divides its base. -/
theorem dvd_of_dvd_pow {p m n : Nat} (hp : Nat.Prime p) (h : p ∣ m ^ n) : p ∣ m := by
  induction n with
  | zero => exact absurd (Nat.dvd_one.1 h) hp.ne_one
  | succ n ih =>
    rcases hp.dvd_mul.1 h with h | h
    · exact ih h
    · exact h

/-- One prime divides another only if they are equal. -/
theorem dvd_iff_eq {p q : Nat} (hp : Nat.Prime p) (hq : Nat.Prime q) : p ∣ q ↔ p = q :=
  ⟨fun h => (hq.2 p h).resolve_left hp.ne_one, fun h => h ▸ Nat.dvd_refl p⟩

end Prime

/-- The number one is not prime. -/
theorem not_prime_one : ¬ Nat.Prime 1 := fun h => h.ne_one rfl

/-- Two is prime. -/
theorem prime_two : Nat.Prime 2 := by decide

/-- Three is prime. -/
theorem prime_three : Nat.Prime 3 := by decide

/-- Every natural number other than one has a prime divisor. -/
theorem exists_prime_and_dvd {n : Nat} (hn : n ≠ 1) : ∃ p, Nat.Prime p ∧ p ∣ n := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    by_cases h0 : n = 0
    · exact ⟨2, prime_two, h0 ▸ Nat.dvd_zero 2⟩
    by_cases hp : Nat.Prime n
    · exact ⟨n, hp, Nat.dvd_refl n⟩
    · have : ∃ m, m < n ∧ m ∣ n ∧ m ≠ 1 := by
        apply Classical.byContradiction
        intro h
        refine hp (prime_def_lt.2 ⟨by omega, fun m hm hd => ?_⟩)
        apply Classical.byContradiction
        intro h1
        exact h ⟨m, hm, hd, h1⟩
      obtain ⟨m, hm, hd, h1⟩ := this
      obtain ⟨p, hp, hpm⟩ := ih m hm h1
      exact ⟨p, hp, Nat.dvd_trans hpm hd⟩

/-- A number that is at least two and not prime is a product of two smaller numbers. -/
theorem exists_mul_of_not_prime {n : Nat} (h2 : 2 ≤ n) (hn : ¬ Nat.Prime n) :
    ∃ a b, 1 < a ∧ a < n ∧ 1 < b ∧ b < n ∧ n = a * b := by
  obtain ⟨p, hp, k, hk⟩ := exists_prime_and_dvd (n := n) (by omega)
  have hp2 := hp.two_le
  have hpn : p ≠ n := fun h => hn (h ▸ hp)
  have hk0 : k ≠ 0 := by rintro rfl; omega
  have hk1 : k ≠ 1 := by rintro rfl; omega
  have hlt : 1 * k < p * k := Nat.mul_lt_mul_of_pos_right (by omega) (by omega)
  have hlt' : p * 1 < p * k := Nat.mul_lt_mul_of_pos_left (by omega) (by omega)
  exact ⟨p, k, by omega, by omega, by omega, by omega, hk⟩

/-- Some positive number is divisible by all of `1, …, n`. -/
theorem exists_pos_forall_dvd (n : Nat) : ∃ N, 0 < N ∧ ∀ m, 0 < m → m ≤ n → m ∣ N := by
  induction n with
  | zero => exact ⟨1, by omega, fun m h h' => by omega⟩
  | succ n ih =>
    obtain ⟨N, hN, h⟩ := ih
    refine ⟨(n + 1) * N, Nat.mul_pos (by omega) hN, fun m hm hle => ?_⟩
    by_cases hmn : m = n + 1
    · exact hmn ▸ Nat.dvd_mul_right _ _
    · exact Nat.dvd_mul_left_of_dvd (h m hm (by omega)) _

/-- Euclid's theorem: beyond every number there is a prime. -/
theorem exists_infinite_primes (n : Nat) : ∃ p, n ≤ p ∧ Nat.Prime p := by
  obtain ⟨N, hN, h⟩ := exists_pos_forall_dvd n
  obtain ⟨p, hp, hd⟩ := exists_prime_and_dvd (n := N + 1) (by omega)
  refine ⟨p, ?_, hp⟩
  apply Classical.byContradiction
  intro hlt
  have : p ∣ 1 := (Nat.dvd_add_right (h p hp.pos (by omega))).1 hd
  exact hp.ne_one (Nat.dvd_one.1 this)

end Nat
