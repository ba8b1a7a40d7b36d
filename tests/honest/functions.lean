-- Kinds: functions, funext, injective and surjective predicates, inverses by choice, iteration, fixed points (Lawvere), images and preimages of predicates.

def Inj {α : Type u} {β : Type v} (f : α → β) : Prop := ∀ ⦃a b⦄, f a = f b → a = b
def Sur {α : Type u} {β : Type v} (f : α → β) : Prop := ∀ b, ∃ a, f a = b
def Bij {α : Type u} {β : Type v} (f : α → β) : Prop := Inj f ∧ Sur f

def iter (f : α → α) : Nat → α → α
  | 0, a => a
  | n + 1, a => iter f n (f a)

def Fix (f : α → α) (a : α) : Prop := f a = a

def image (f : α → β) (s : α → Prop) : β → Prop := fun b => ∃ a, s a ∧ f a = b
def preimage (f : α → β) (t : β → Prop) : α → Prop := fun a => t (f a)

theorem inj_id : Inj (id : α → α) := fun _ _ => id

theorem inj_comp {f : α → β} {g : β → γ} (hg : Inj g) (hf : Inj f) : Inj (g ∘ f) :=
  fun _ _ h => hf (hg h)

theorem sur_comp {f : α → β} {g : β → γ} (hg : Sur g) (hf : Sur f) : Sur (g ∘ f) := by
  intro c
  obtain ⟨b, rfl⟩ := hg c
  obtain ⟨a, rfl⟩ := hf b
  exact ⟨a, rfl⟩

theorem bij_comp {f : α → β} {g : β → γ} : Bij g → Bij f → Bij (g ∘ f)
  | ⟨hg, sg⟩, ⟨hf, sf⟩ => ⟨inj_comp hg hf, sur_comp sg sf⟩

theorem inj_of_comp {f : α → β} {g : β → γ} (h : Inj (g ∘ f)) : Inj f :=
  fun _ _ hab => h (congrArg g hab)

theorem succ_inj_not_sur : Inj Nat.succ ∧ ¬ Sur Nat.succ :=
  ⟨fun _ _ h => Nat.succ.inj h, fun h => let ⟨_, hn⟩ := h 0; Nat.succ_ne_zero _ hn⟩

theorem bij_inverse {f : α → β} (h : Bij f) : ∃ g : β → α, (∀ a, g (f a) = a) ∧ ∀ b, f (g b) = b := by
  obtain ⟨g, hg⟩ := Classical.axiomOfChoice h.2
  exact ⟨g, fun a => h.1 (hg (f a)), hg⟩

theorem iter_succ (f : α → α) (n : Nat) (a : α) : iter f (n + 1) a = f (iter f n a) := by
  induction n generalizing a with
  | zero => rfl
  | succ n ih => rw [iter, ih, iter]

theorem iter_add (f : α → α) (m n : Nat) (a : α) : iter f (m + n) a = iter f m (iter f n a) := by
  induction n generalizing a with
  | zero => rfl
  | succ n ih => exact ih (f a)

theorem iter_fix {f : α → α} {a : α} (h : Fix f a) (n : Nat) : iter f n a = a := by
  induction n with
  | zero => rfl
  | succ n ih => rw [iter, h, ih]

theorem iter_inj {f : α → α} (h : Inj f) (n : Nat) : Inj (iter f n) := by
  induction n with
  | zero => exact inj_id
  | succ n ih => exact inj_comp ih h

theorem involution_bij {f : α → α} (h : ∀ a, f (f a) = a) : Bij f :=
  ⟨fun a b hab => by rw [← h a, hab, h], fun b => ⟨f b, h b⟩⟩

theorem image_comp (f : α → β) (g : β → γ) (s : α → Prop) : image g (image f s) = image (g ∘ f) s := by
  funext c
  apply propext
  constructor
  · rintro ⟨_, ⟨a, ha, rfl⟩, rfl⟩
    exact ⟨a, ha, rfl⟩
  · rintro ⟨a, ha, rfl⟩
    exact ⟨f a, ⟨a, ha, rfl⟩, rfl⟩

theorem preimage_and (f : α → β) (s t : β → Prop) :
    preimage f (fun b => s b ∧ t b) = fun a => preimage f s a ∧ preimage f t a := rfl

theorem galois (f : α → β) (s : α → Prop) (t : β → Prop) :
    (∀ b, image f s b → t b) ↔ ∀ a, s a → preimage f t a :=
  ⟨fun h a ha => h (f a) ⟨a, ha, rfl⟩, fun h _ ⟨a, ha, e⟩ => e ▸ h a ha⟩

theorem lawvere {f : α → α → β} (h : ∀ g : α → β, ∃ a, f a = g) (k : β → β) : ∃ b, k b = b := by
  obtain ⟨a, ha⟩ := h fun x => k (f x x)
  exact ⟨f a a, (congrFun ha a).symm⟩

theorem no_sur_powerset : ¬ Sur (f : α → α → Prop) := by
  intro h
  obtain ⟨p, hp⟩ := lawvere h Not
  have hp : ¬ p ↔ p := iff_of_eq hp
  have hn : ¬ p := fun hq => hp.mpr hq hq
  exact hn (hp.mp hn)

theorem const_comp (f : α → β) (c : γ) : Function.const β c ∘ f = Function.const α c := rfl

theorem funext_if (p : Nat → Prop) [DecidablePred p] (f g : Nat → Nat) (h : f = g) :
    (fun n => if p n then f n else g n) = g := by
  funext n
  simp [h]

theorem retract_inj {f : α → β} {g : β → α} (h : g ∘ f = id) : Inj f :=
  inj_of_comp (g := g) (h ▸ inj_id)
