-- Kinds: own functor, applicative and monad structures, Option, State, Reader, Except, List and Id monads with laws, LawfulMonad instances, do notation.

structure St (σ : Type u) (α : Type v) where
  run : σ → α × σ

namespace St

def pure (a : α) : St σ α := ⟨fun s => (a, s)⟩

def bind (x : St σ α) (f : α → St σ β) : St σ β :=
  ⟨fun s => let (a, s') := x.run s; (f a).run s'⟩

instance : Monad (St σ) where
  pure := St.pure
  bind := St.bind

def get : St σ σ := ⟨fun s => (s, s)⟩
def set (s : σ) : St σ Unit := ⟨fun _ => ((), s)⟩
def modify (f : σ → σ) : St σ Unit := do
  let s ← get
  set (f s)

theorem pure_bind (a : α) (f : α → St σ β) : (St.pure a).bind f = f a := rfl

theorem bind_pure (x : St σ α) : x.bind St.pure = x := rfl

theorem bind_assoc (x : St σ α) (f : α → St σ β) (g : β → St σ γ) :
    (x.bind f).bind g = x.bind fun a => (f a).bind g := rfl

instance : LawfulMonad (St σ) := LawfulMonad.mk' (St σ)
  (id_map := fun _ => rfl)
  (pure_bind := fun _ _ => rfl)
  (bind_assoc := fun _ _ _ => rfl)

theorem set_get (s : σ) : (do set s; get : St σ σ) = (do set s; Pure.pure s) := rfl

theorem modify_run (f : σ → σ) (s : σ) : (modify f).run s = ((), f s) := rfl

theorem modify_modify (f g : σ → σ) : (do modify f; modify g : St σ Unit) = modify (g ∘ f) := rfl

def counter : St Nat Nat := do
  let n ← get
  set (n + 1)
  return n

theorem counter_twice (n : Nat) : (do let a ← counter; let b ← counter; return a + b).run n = (n + (n + 1), n + 2) := rfl

theorem map_via_bind (f : α → β) (x : St σ α) : f <$> x = x >>= fun a => Pure.pure (f a) :=
  (bind_pure_comp f x).symm

end St

def safeDiv (a b : Nat) : Option Nat := if b = 0 then none else some (a / b)

def twoDivs (a b c : Nat) : Option Nat := do
  let x ← safeDiv a b
  let y ← safeDiv x c
  return y + 1

theorem safeDiv_none (a b : Nat) : safeDiv a b = none ↔ b = 0 := by
  simp [safeDiv]

theorem twoDivs_some (a : Nat) : twoDivs a 2 3 = some (a / 2 / 3 + 1) := by
  simp [twoDivs, safeDiv]

theorem option_bind_assoc (x : Option α) (f : α → Option β) (g : β → Option γ) :
    (x.bind f).bind g = x.bind fun a => (f a).bind g := by
  cases x <;> rfl

theorem option_orElse (x : Option Nat) : (x <|> some 0).isSome := by
  cases x <;> rfl

theorem reader_assoc (x : ρ → α) (f : α → ρ → β) (g : β → ρ → γ) :
    (fun r => g (f (x r) r) r) = fun r => (fun a r => g (f a r) r) (x r) r := rfl

def checkAge (n : Nat) : Except String Nat := do
  if n > 150 then throw "too old"
  return n

theorem checkAge_ok : checkAge 40 = .ok 40 := rfl

theorem checkAge_error : checkAge 200 = .error "too old" := rfl

theorem checkAge_le (n m : Nat) (h : checkAge n = .ok m) : n = m ∧ n ≤ 150 := by
  simp only [checkAge] at h
  split at h
  · cases h
  · cases h
    omega

class Functor' (f : Type u → Type v) where
  fmap : (α → β) → f α → f β
  fmap_id : ∀ x : f α, fmap id x = x
  fmap_comp : ∀ (g : α → β) (h : β → γ) (x : f α), fmap h (fmap g x) = fmap (h ∘ g) x

instance : Functor' List where
  fmap := List.map
  fmap_id := by simp
  fmap_comp := by simp

instance : Functor' Option where
  fmap
    | _, none => none
    | g, some a => some (g a)
  fmap_id x := by cases x <;> rfl
  fmap_comp _ _ x := by cases x <;> rfl

theorem fmap_triple [Functor' f] (g : α → β) (h : β → γ) (k : γ → δ) (x : f α) :
    Functor'.fmap k (Functor'.fmap h (Functor'.fmap g x)) = Functor'.fmap (k ∘ h ∘ g) x := by
  rw [Functor'.fmap_comp, Functor'.fmap_comp]
  rfl

theorem list_bind_assoc (xs : List α) (f : α → List β) (g : β → List γ) :
    (xs.flatMap f).flatMap g = xs.flatMap fun x => (f x).flatMap g := List.flatMap_assoc

theorem lawful_option (x : Option Nat) (f : Nat → Option Nat) : (pure 3 >>= f) = f 3 ∧ (x >>= pure) = x := by simp

theorem id_run (n : Nat) : Id.run (do let mut s := 0; s := s + n; s := s + n; return s) = 0 + n + n := rfl

theorem stateT_get_set (s : Nat) : (set s *> get : StateM Nat Nat).run 7 = (s, s) := rfl
