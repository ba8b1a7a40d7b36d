-- Kinds: partial and unsafe definitions beside honest theorems that do not depend on them, implemented_by, csimp, export, specialize and inline attributes, noncomputable constants.

partial def collatzSteps (n : Nat) (steps : Nat := 0) : Nat :=
  if n ≤ 1 then steps
  else if n % 2 = 0 then collatzSteps (n / 2) (steps + 1)
  else collatzSteps (3 * n + 1) (steps + 1)

unsafe def addressOf {α : Type} (a : α) : USize := ptrAddrUnsafe a

unsafe def loopForever (n : Nat) : Nat := loopForever (n + 1)

partial def search (p : Nat → Bool) (n : Nat) : Nat := if p n then n else search p (n + 1)

mutual
  partial def tick (n : Nat) : Nat := tock (n + 1)
  partial def tock (n : Nat) : Nat := tick (n * 2)
end

def doubleNat (n : Nat) : Nat := n + n

unsafe def fastDouble (n : Nat) : Nat := n <<< 1

attribute [implemented_by fastDouble] doubleNat

@[inline, reducible] def addOne (n : Nat) : Nat := n + 1

@[noinline] def addTwo (n : Nat) : Nat := addOne (addOne n)

@[specialize] def foldN (f : α → α) (a : α) : Nat → α
  | 0 => a
  | n + 1 => f (foldN f a n)

@[never_extract, inline] private def helper (n : Nat) : Nat := n

@[export my_exported] def exported (n : Nat) : Nat := n * 3

@[csimp] theorem foldN_csimp : @foldN = @foldN := rfl

theorem collatz_refl : collatzSteps 27 = collatzSteps 27 := rfl

theorem search_irrelevant (p : Nat → Bool) (n : Nat) : search p n = n ∨ search p n ≠ n := Decidable.em _

theorem tick_type : ∃ f : Nat → Nat, f = tick := ⟨tick, rfl⟩

theorem doubleNat_eq (n : Nat) : doubleNat n = 2 * n := by
  unfold doubleNat
  omega

theorem doubleNat_even (n : Nat) : doubleNat n % 2 = 0 := by
  rw [doubleNat_eq]
  omega

theorem addTwo_eq (n : Nat) : addTwo n = n + 2 := rfl

theorem foldN_succ (n m : Nat) : foldN Nat.succ m n = m + n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [foldN, ih]; rfl

theorem foldN_comm (f : α → α) (a : α) (n : Nat) : foldN f (f a) n = f (foldN f a n) := by
  induction n with
  | zero => rfl
  | succ n ih => rw [foldN, ih]; rfl

theorem helper_id (n : Nat) : helper n = n := rfl

theorem exported_dvd (n : Nat) : 3 ∣ exported n := ⟨n, Nat.mul_comm n 3⟩

theorem partial_value_bound (n : Nat) : collatzSteps n < collatzSteps n + 1 := Nat.lt_succ_self _

noncomputable def chosen : Nat := Classical.choose (⟨3, rfl⟩ : ∃ n : Nat, n * n = 9)

theorem chosen_spec : chosen * chosen = 9 := Classical.choose_spec (⟨3, rfl⟩ : ∃ n : Nat, n * n = 9)

instance (priority := 50) partialInhabited : Inhabited (Nat → Nat) := ⟨collatzSteps⟩

theorem inhabited_apply : (@default _ partialInhabited : Nat → Nat) = collatzSteps := rfl
