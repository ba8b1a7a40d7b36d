-- Kinds: coinductive predicates, partial_fixpoint, coinduction principles by hand, streams as functions, bisimulation.

def Stream' (α : Type u) := Nat → α

namespace Stream'

def head (s : Stream' α) : α := s 0
def tail (s : Stream' α) : Stream' α := fun n => s (n + 1)
def cons (a : α) (s : Stream' α) : Stream' α
  | 0 => a
  | n + 1 => s n
def map (f : α → β) (s : Stream' α) : Stream' β := fun n => f (s n)
def const (a : α) : Stream' α := fun _ => a
def iterate (f : α → α) (a : α) : Stream' α
  | 0 => a
  | n + 1 => f (iterate f a n)
def interleave (s t : Stream' α) : Stream' α := fun n => if n % 2 = 0 then s (n / 2) else t (n / 2)

theorem eta (s : Stream' α) : cons s.head s.tail = s := by
  funext n
  cases n <;> rfl

theorem map_map (f : α → β) (g : β → γ) (s : Stream' α) : (s.map f).map g = s.map (g ∘ f) := rfl

theorem tail_const (a : α) : (const a).tail = const a := rfl

theorem iterate_map (f : α → α) (a : α) : (iterate f a).map f = (iterate f a).tail := rfl

theorem interleave_const (a : α) : interleave (const a) (const a) = const a := by
  funext n
  simp [interleave, const]

def IsBisim (r : Stream' α → Stream' α → Prop) : Prop :=
  ∀ s t, r s t → s.head = t.head ∧ r s.tail t.tail

theorem bisim_eq (r : Stream' α → Stream' α → Prop) (h : IsBisim r) (s t : Stream' α) (hr : r s t) : s = t := by
  funext n
  induction n generalizing s t with
  | zero => exact (h s t hr).1
  | succ n ih => exact ih s.tail t.tail (h s t hr).2

theorem iterate_id (a : α) : iterate id a = const a := by
  apply bisim_eq (fun s t => ∃ k, (∀ n, s n = iterate id a (n + k)) ∧ t = const a)
  · rintro s t ⟨k, hs, rfl⟩
    refine ⟨?_, k + 1, fun n => ?_, rfl⟩
    · have : ∀ n, iterate id a n = a := by
        intro n
        induction n with
        | zero => rfl
        | succ n ih => exact ih
      exact (hs 0).trans (this _)
    · rw [show n + (k + 1) = n + 1 + k by omega]
      exact hs (n + 1)
  · exact ⟨0, fun _ => rfl, rfl⟩

end Stream'

section Predicates
variable {α : Type}

coinductive Infinite' (r : α → α → Prop) : α → Prop where
  | step (a b : α) : r a b → Infinite' r b → Infinite' r a

theorem infinite_of_total (r : α → α → Prop) (h : ∀ a, ∃ b, r a b) (a : α) : Infinite' r a := by
  apply Infinite'.coinduct r (fun _ => True)
  · intro x _
    obtain ⟨b, hb⟩ := h x
    exact ⟨b, hb, trivial⟩
  · trivial

theorem infinite_unfold (r : α → α → Prop) (a : α) (h : Infinite' r a) : ∃ b, r a b ∧ Infinite' r b := by
  cases h with
  | step _ b h₁ h₂ => exact ⟨b, h₁, h₂⟩

theorem nat_lt_infinite (n : Nat) : Infinite' (fun a b : Nat => a < b) n :=
  infinite_of_total _ (fun a => ⟨a + 1, Nat.lt_succ_self a⟩) n

theorem nat_gt_finite (n : Nat) : ¬ Infinite' (fun a b : Nat => b < a) n := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    intro h
    obtain ⟨b, hb, hi⟩ := infinite_unfold _ n h
    exact ih b hb hi

end Predicates

def findFrom (p : Nat → Bool) (n : Nat) : Option Nat :=
  if p n then some n else findFrom p (n + 1)
partial_fixpoint

theorem findFrom_step (p : Nat → Bool) (n : Nat) (h : p n = false) : findFrom p n = findFrom p (n + 1) := by
  rw [findFrom, h]
  rfl

theorem findFrom_hit (p : Nat → Bool) (n : Nat) (h : p n = true) : findFrom p n = some n := by
  rw [findFrom, h]
  rfl

theorem findFrom_spec (p : Nat → Bool) (n m : Nat) (h : findFrom p n = some m) : p m = true := by
  revert h
  apply findFrom.partial_correctness p (fun _ m => p m = true)
  intro f ih n m h
  split at h
  · next hp =>
    cases h
    exact hp
  · exact ih _ _ h

def Greatest (F : (α → Prop) → α → Prop) (a : α) : Prop := ∃ s : α → Prop, (∀ x, s x → F s x) ∧ s a

theorem Greatest.coinduct (F : (α → Prop) → α → Prop) (s : α → Prop) (h : ∀ x, s x → F s x) (a : α) (ha : s a) :
    Greatest F a := ⟨s, h, ha⟩

theorem Greatest.unfold (F : (α → Prop) → α → Prop) (mono : ∀ s t : α → Prop, (∀ x, s x → t x) → ∀ x, F s x → F t x)
    (a : α) (h : Greatest F a) : F (Greatest F) a := by
  obtain ⟨s, hs, ha⟩ := h
  exact mono s _ (fun x hx => ⟨s, hs, hx⟩) a (hs a ha)
