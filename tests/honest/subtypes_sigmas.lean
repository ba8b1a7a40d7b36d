-- Kinds: subtypes, sigma and PSigma types, dependent pairs, Exists against Sigma, Prod and Sum, own coercion instances (Coe, CoeDep, CoeFun, CoeSort).

def Pos := { n : Nat // 0 < n }

def Pos.mul (a b : Pos) : Pos := ⟨a.1 * b.1, Nat.mul_pos a.2 b.2⟩

instance : Mul Pos := ⟨Pos.mul⟩
instance : Coe Pos Nat := ⟨Subtype.val⟩
instance : CoeDep Nat (n + 1) Pos := ⟨⟨n + 1, n.succ_pos⟩⟩

abbrev Even := { n : Nat // n % 2 = 0 }

def Even.half (e : Even) : Nat := e.val / 2

def toSigma (p : α × β) : (_ : α) × β := ⟨p.1, p.2⟩

def sigmaMap {β : α → Type v} {γ : α → Type w} (f : ∀ a, β a → γ a) : (Σ a, β a) → Σ a, γ a
  | ⟨a, b⟩ => ⟨a, f a b⟩

def curryS {β : α → Type v} {γ : Type w} (f : (Σ a, β a) → γ) (a : α) (b : β a) : γ := f ⟨a, b⟩

structure Fun (α β : Type) where
  toFun : α → β

instance : CoeFun (Fun α β) fun _ => α → β := ⟨Fun.toFun⟩

structure Carrier where
  type : Type
  point : type

instance : CoeSort Carrier Type := ⟨Carrier.type⟩

theorem pos_ext (a b : Pos) (h : (a : Nat) = b) : a = b := Subtype.ext h

theorem pos_mul_comm (a b : Pos) : a * b = b * a := pos_ext _ _ (Nat.mul_comm a.1 b.1)

theorem pos_coe_mul (a b : Pos) : ((a * b : Pos) : Nat) = a * b := rfl

theorem pos_ne_zero (a : Pos) : (a : Nat) ≠ 0 := Nat.ne_of_gt a.property

theorem pos_dep : ((3 : Nat) : Nat) = ((⟨3, by decide⟩ : Pos) : Nat) := rfl

theorem even_half (e : Even) : e.half * 2 = e := by
  have := e.property
  simp only [Even.half]
  omega

theorem even_exists : ∃ e : Even, e.val = 10 := ⟨⟨10, rfl⟩, rfl⟩

theorem forall_subtype {p : Nat → Prop} {q : { n // p n } → Prop} :
    (∀ x, q x) ↔ ∀ n h, q ⟨n, h⟩ :=
  ⟨fun h n hn => h ⟨n, hn⟩, fun h ⟨n, hn⟩ => h n hn⟩

theorem sigma_ext {β : α → Type v} {a : α} {b c : β a} (h : (⟨a, b⟩ : Σ a, β a) = ⟨a, c⟩) : b = c := by
  cases h; rfl

theorem sigma_heq {β : α → Type v} {s t : Σ a, β a} (h : s = t) : HEq s.2 t.2 := by rw [h]

theorem sigmaMap_id {β : α → Type v} (s : Σ a, β a) : sigmaMap (fun _ b => b) s = s := by
  obtain ⟨a, b⟩ := s
  rfl

theorem sigmaMap_comp {β γ δ : α → Type v} (f : ∀ a, β a → γ a) (g : ∀ a, γ a → δ a) :
    sigmaMap g ∘ sigmaMap f = sigmaMap (fun a => g a ∘ f a) := by
  funext ⟨a, b⟩
  rfl

theorem curryS_inj {β : α → Type v} {γ : Type w} (f g : (Σ a, β a) → γ) (h : curryS f = curryS g) : f = g := by
  funext ⟨a, b⟩
  exact congrFun (congrFun h a) b

theorem toSigma_fst (p : α × β) : (toSigma p).1 = p.1 := rfl

theorem fun_coe (f : Fun Nat Nat) (n : Nat) (h : f n = 3) : f.toFun n + 1 = 4 := by rw [h]

theorem carrier_coe (c : Carrier) : ∃ x : c, x = c.point := ⟨_, rfl⟩

theorem psigma_proj (p : Nat → Prop) (x : (n : Nat) ×' p n) : p x.1 := x.2

theorem exists_of_sigma {p : α → Prop} : ((a : α) ×' p a) → ∃ a, p a := fun ⟨a, h⟩ => ⟨a, h⟩

theorem sum_cases (s : α ⊕ β) : s.isLeft = true ∨ s.isRight = true := by cases s <;> simp

theorem prod_eq_iff (p q : α × β) : p = q ↔ p.1 = q.1 ∧ p.2 = q.2 := Prod.ext_iff

theorem subtype_coe_arith (a : { n : Nat // n < 10 }) : (a : Nat) + 1 ≤ 10 := a.2

theorem coe_bool_prop (b : Bool) (h : b) : b = true := h

theorem coe_nat_int (n : Nat) : (↑(n + 1) : Int) = ↑n + 1 := rfl
