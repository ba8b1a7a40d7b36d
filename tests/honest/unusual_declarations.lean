-- Kinds: recursive structures, class inductive, structures in Prop, inductive types in Type 1, mutual def and theorem, mutual structure and inductive, definitions by tactics, custom eliminators, match_pattern, fixpoint predicates.

structure Chain where
  head : Nat
  rest : Option Chain

class inductive Finite' (α : Type u) : Prop
  | intro (n : Nat) (f : α → Fin n) (inj : ∀ a b, f a = f b → a = b)

structure IsIdem (f : α → α) : Prop where
  idem : ∀ a, f (f a) = f a

inductive AnyType : Type 1
  | mk (α : Type) (a : α)

mutual
  inductive Doc
    | text (s : String)
    | block (e : Elem)
  structure Elem where
    tag : String
    body : List Doc
end

mutual
  inductive Sexp where
    | atom (n : Nat)
    | list (l : SexpList)
  inductive SexpList where
    | nil
    | cons (h : Sexp) (t : SexpList)
end

mutual
  def Sexp.count : Sexp → Nat
    | .atom _ => 1
    | .list l => l.count
  termination_by structural s => s
  def SexpList.count : SexpList → Nat
    | .nil => 0
    | .cons h t => h.count + t.count
  termination_by structural s => s
end

mutual
  def evenPart (n : Nat) : Nat :=
    if h : n = 0 then 0 else oddPart (n - 1) + 1
  termination_by n
  def oddPart (n : Nat) : Nat :=
    if h : n = 0 then 0 else evenPart (n - 1)
  termination_by n
end

def byTactic (n : Nat) : { m : Nat // m > n } := by
  refine ⟨n + 1, ?_⟩
  exact Nat.lt_succ_self n

def swapIso : α × β → β × α := by
  rintro ⟨a, b⟩
  exact ⟨b, a⟩

@[match_pattern] def ten : Nat := 10

@[match_pattern] abbrev wrap (n : Nat) : Option Nat := some n

def isTen : Nat → Bool
  | ten => true
  | _ => false

def unwrap : Option Nat → Nat
  | wrap n => n
  | none => 0

def allEven : List Nat → Prop
  | [] => True
  | x :: xs => x % 2 = 0 ∧ allEven xs

@[elab_as_elim] theorem twoStep {p : Nat → Prop} (h₀ : p 0) (h₁ : p 1) (h : ∀ n, p n → p (n + 2)) (n : Nat) : p n :=
  match n with
  | 0 => h₀
  | 1 => h₁
  | n + 2 => h n (twoStep h₀ h₁ h n)

def Never (r : Nat → Nat → Prop) (n : Nat) : Prop := ∃ m, r n m ∧ Never r m
coinductive_fixpoint

def Eventually (r : Nat → Nat) (n : Nat) : Prop := n = 0 ∨ Eventually r (r n)
inductive_fixpoint

theorem chain_eta (c : Chain) : Chain.mk c.head c.rest = c := by cases c; rfl

theorem chain_rest_ne (c : Chain) (n : Nat) : c ≠ ⟨n, some c⟩ := by
  intro h
  have := congrArg sizeOf h
  simp at this
  omega

instance : Finite' Bool := .intro 2 (fun b => if b then 1 else 0) (by decide)

instance [Finite' α] : Finite' (Option α) :=
  match ‹Finite' α› with
  | .intro n f inj => .intro (n + 1)
      (fun | none => 0 | some a => (f a).succ)
      (by
        intro a b h
        cases a <;> cases b
        · rfl
        · exact absurd (congrArg Fin.val h) (by simp)
        · exact absurd (congrArg Fin.val h) (by simp)
        · exact congrArg some (inj _ _ (Fin.succ_inj.mp h)))

theorem finite_nested : Finite' (Option (Option Bool)) := inferInstance

theorem isIdem_const (c : α) : IsIdem (fun _ : α => c) := ⟨fun _ => rfl⟩

theorem isIdem_iff {f : α → α} : IsIdem f ↔ f ∘ f = f :=
  ⟨fun h => funext h.idem, fun h => ⟨congrFun h⟩⟩

theorem anyType_cases (x : AnyType) : ∃ α a, x = .mk α a := by
  cases x with
  | mk α a => exact ⟨α, a, rfl⟩

theorem doc_inj (s t : String) (h : Doc.text s = Doc.text t) : s = t := by
  injection h

theorem elem_proj (t : String) (b : List Doc) : (Elem.mk t b).tag = t := rfl

theorem sexp_count_list (h : Sexp) (t : SexpList) : (Sexp.list (.cons h t)).count = h.count + t.count := rfl

theorem evenPart_le (n : Nat) : evenPart n ≤ n ∧ oddPart n ≤ n := by
  induction n with
  | zero => simp [evenPart, oddPart]
  | succ n ih =>
    have h₁ : evenPart (n + 1) = oddPart n + 1 := by rw [evenPart]; simp
    have h₂ : oddPart (n + 1) = evenPart n := by rw [oddPart]; simp
    omega

theorem byTactic_gt (n : Nat) : n < (byTactic n).val := (byTactic n).property

theorem swapIso_swapIso (p : α × β) : swapIso (swapIso p) = p := rfl

theorem isTen_iff (n : Nat) : isTen n = true ↔ n = 10 := by
  unfold isTen
  split <;> simp_all

theorem unwrap_wrap (n : Nat) : unwrap (wrap n) = n := rfl

theorem allEven_iff (xs : List Nat) : allEven xs ↔ ∀ x ∈ xs, x % 2 = 0 := by
  induction xs with
  | nil => simp [allEven]
  | cons x xs ih => simp [allEven, ih]

theorem twoStep_use (n : Nat) : n % 2 = 0 ∨ n % 2 = 1 := by
  induction n using twoStep with
  | h₀ => exact .inl rfl
  | h₁ => exact .inr rfl
  | h n ih => omega

theorem never_unfold (r : Nat → Nat → Prop) (n : Nat) : Never r n ↔ ∃ m, r n m ∧ Never r m := by
  rw [← Never]

theorem never_of_loop (r : Nat → Nat → Prop) (n : Nat) (h : r n n) : Never r n := by
  apply Never.coinduct r (fun m => m = n)
  · rintro m rfl
    exact ⟨m, h, rfl⟩
  · rfl

theorem eventually_zero (r : Nat → Nat) : Eventually r 0 := by
  rw [Eventually]
  exact .inl rfl

theorem eventually_pred (n : Nat) : Eventually Nat.pred n := by
  induction n with
  | zero => exact eventually_zero _
  | succ n ih =>
    rw [Eventually]
    exact .inr ih
