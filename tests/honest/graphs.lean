-- Kinds: simple graphs as structures on relations, walks as an indexed family, connectivity as an equivalence, colourings, subgraphs, decide on small graphs.

structure Graph (V : Type u) where
  adj : V → V → Prop
  symm : ∀ u v, adj u v → adj v u
  loopless : ∀ v, ¬ adj v v

namespace Graph

variable {V : Type u} {G : Graph V}

inductive Walk (G : Graph V) : V → V → Type u where
  | nil (v : V) : Walk G v v
  | cons {u v w : V} (h : G.adj u v) (p : Walk G v w) : Walk G u w

namespace Walk

def length : Walk G u v → Nat
  | nil _ => 0
  | cons _ p => p.length + 1

def append : Walk G u v → Walk G v w → Walk G u w
  | nil _, q => q
  | cons h p, q => cons h (p.append q)

def single (h : G.adj u v) : Walk G u v := cons h (nil v)

def reverse : Walk G u v → Walk G v u
  | nil v => nil v
  | cons h p => p.reverse.append (single (G.symm _ _ h))

def support : Walk G u v → List V
  | nil v => [v]
  | @cons _ _ u _ _ _ p => u :: p.support

theorem append_nil (p : Walk G u v) : p.append (nil v) = p := by
  induction p with
  | nil => rfl
  | cons h p ih => rw [append, ih]

theorem append_assoc (p : Walk G u v) (q : Walk G v w) (r : Walk G w x) :
    (p.append q).append r = p.append (q.append r) := by
  induction p with
  | nil => rfl
  | cons h p ih => simp only [append, ih]

theorem length_append (p : Walk G u v) (q : Walk G v w) : (p.append q).length = p.length + q.length := by
  induction p with
  | nil => simp [append, length]
  | cons h p ih => simp only [append, length, ih]; omega

theorem length_reverse (p : Walk G u v) : p.reverse.length = p.length := by
  induction p with
  | nil => rfl
  | cons h p ih => simp [reverse, length_append, single, length, ih]

theorem length_support (p : Walk G u v) : p.support.length = p.length + 1 := by
  induction p with
  | nil => rfl
  | cons h p ih => simp [support, length, ih]

theorem start_mem_support (p : Walk G u v) : u ∈ p.support := by
  cases p <;> simp [support]

theorem length_zero_eq (p : Walk G u v) (h : p.length = 0) : u = v := by
  cases p with
  | nil => rfl
  | cons => cases h

end Walk

def Reachable (G : Graph V) (u v : V) : Prop := Nonempty (Walk G u v)

theorem reachable_equivalence (G : Graph V) : Equivalence G.Reachable where
  refl v := ⟨.nil v⟩
  symm := fun ⟨p⟩ => ⟨p.reverse⟩
  trans := fun ⟨p⟩ ⟨q⟩ => ⟨p.append q⟩

def complete (V : Type u) : Graph V where
  adj u v := u ≠ v
  symm _ _ := Ne.symm
  loopless _ h := h rfl

def empty (V : Type u) : Graph V := ⟨fun _ _ => False, fun _ _ => id, fun _ => id⟩

def compl (G : Graph V) : Graph V where
  adj u v := u ≠ v ∧ ¬ G.adj u v
  symm := fun u v ⟨h₁, h₂⟩ => ⟨h₁.symm, fun h => h₂ (G.symm v u h)⟩
  loopless := fun _ ⟨h, _⟩ => h rfl

def cycle (n : Nat) : Graph (Fin (n + 3)) where
  adj u v := u = v + 1 ∨ v = u + 1
  symm _ _ := Or.symm
  loopless v h := by
    have h : v = v + 1 := h.elim id id
    have := congrArg Fin.val h
    have hv := v.isLt
    simp only [Fin.val_add] at this
    have h1 : ((1 : Fin (n + 3)) : Nat) = 1 := rfl
    rw [h1] at this
    rcases Nat.lt_or_ge (v.val + 1) (n + 3) with hlt | hge
    · rw [Nat.mod_eq_of_lt hlt] at this
      omega
    · rw [show v.val + 1 = n + 3 by omega, Nat.mod_self] at this
      omega

def Colouring (G : Graph V) (n : Nat) : Type u := { c : V → Fin n // ∀ u v, G.adj u v → c u ≠ c v }

theorem complete_reachable (u v : V) : (complete V).Reachable u v := by
  by_cases h : u = v
  · exact h ▸ ⟨.nil u⟩
  · exact ⟨.single h⟩

theorem empty_reachable (u v : V) : (empty V).Reachable u v ↔ u = v := by
  constructor
  · rintro ⟨p⟩
    cases p with
    | nil => rfl
    | cons h _ => exact h.elim
  · rintro rfl
    exact ⟨.nil u⟩

theorem compl_complete (u v : V) : ¬ (complete V).compl.adj u v := fun ⟨h₁, h₂⟩ => h₂ h₁

theorem empty_colouring (V : Type u) : Nonempty ((empty V).Colouring 1) := ⟨⟨fun _ => 0, fun _ _ h => h.elim⟩⟩

theorem colouring_mono (m n : Nat) (h : m ≤ n) (c : G.Colouring m) : Nonempty (G.Colouring n) :=
  ⟨⟨fun v => (c.1 v).castLE h, fun u v ha he => c.2 u v ha (Fin.ext (Fin.mk.inj he))⟩⟩

theorem triangle_not_two_colourable : (complete (Fin 3)).Colouring 2 → False := by
  rintro ⟨c, hc⟩
  have h₀ := hc 0 1 (show (0 : Fin 3) ≠ 1 by decide)
  have h₁ := hc 1 2 (show (1 : Fin 3) ≠ 2 by decide)
  have h₂ := hc 0 2 (show (0 : Fin 3) ≠ 2 by decide)
  have b (i : Fin 3) := (c i).isLt
  have := b 0
  have := b 1
  have := b 2
  simp only [ne_eq, Fin.ext_iff] at h₀ h₁ h₂
  omega

theorem square_adj : (cycle 1).adj 0 3 := by
  left
  decide

theorem square_two_colouring : ∀ u v : Fin 4, (u = v + 1 ∨ v = u + 1) → u.val % 2 ≠ v.val % 2 := by decide

end Graph
