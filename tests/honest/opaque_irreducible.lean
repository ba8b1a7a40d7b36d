-- Kinds: opaque constants, irreducible, reducible, abbrev and inline definitions, seal and unseal, axioms avoided through parameters, local attributes.

opaque secret : Nat

opaque secretFn (α : Type) [Inhabited α] : α → α

opaque bounded : { n : Nat // n < 10 } := ⟨3, by decide⟩

@[irreducible] def locked (n : Nat) : Nat := n * n + 1

def sealed (n : Nat) : Nat := n + 7

seal sealed

@[reducible] def Transparent := Nat → Nat

abbrev Pairs (α : Type u) := List (α × α)

@[inline] def twice (f : α → α) (a : α) : α := f (f a)

@[simp] def triple (n : Nat) : Nat := n + n + n

@[local simp] theorem triple_zero : triple 0 = 0 := rfl

theorem secret_refl : secret = secret := rfl

theorem secret_add : secret + 0 = secret := Nat.add_zero secret

theorem secret_cases : secret = 0 ∨ 0 < secret := Nat.eq_zero_or_pos secret

theorem secretFn_congr (a b : Nat) (h : a = b) : secretFn Nat a = secretFn Nat b := congrArg _ h

theorem bounded_lt : bounded.val < 10 := bounded.property

theorem locked_eq (n : Nat) : locked n = n * n + 1 := by rw [locked]

theorem locked_pos (n : Nat) : 0 < locked n := by
  unfold locked
  exact Nat.succ_pos _

unseal locked in
theorem locked_rfl : locked 3 = 10 := rfl

unseal sealed in
theorem sealed_rfl : sealed 3 = 10 := rfl

theorem sealed_unfold (n : Nat) : sealed n = n + 7 := by
  delta sealed
  rfl

theorem transparent_apply (f : Transparent) (n : Nat) (h : f = fun n => n + 1) : f n = n + 1 := by
  rw [h]

theorem pairs_length (xs : Pairs Nat) : (xs.map Prod.fst).length = xs.length := by simp

theorem twice_twice (f : α → α) (a : α) : twice (twice f) a = f (f (f (f a))) := rfl

theorem triple_eq (n : Nat) : triple n = 3 * n := by
  simp
  omega

attribute [local irreducible] twice

theorem twice_unfold (f : α → α) (a : α) : twice f a = f (f a) := by
  rw [twice]

attribute [local simp] Nat.mul_comm in
theorem mul_comm_simp (a b : Nat) : a * b = b * a := by simp

theorem parametric_axiom (magic : ∀ p : Prop, p ∨ ¬ p) (p q : Prop) (h : ¬ (p ∧ q)) : ¬ p ∨ ¬ q :=
  (magic p).elim (fun hp => .inr fun hq => h ⟨hp, hq⟩) .inl

@[deprecated locked_eq (since := "2025-01-01")]
theorem locked_eq_old (n : Nat) : locked n = n * n + 1 := locked_eq n

protected theorem Nat.triple_triple (n : Nat) : triple (triple n) = 9 * n := by
  simp
  omega
