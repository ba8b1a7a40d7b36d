-- Kinds: auto-bound implicits (universes, types, instances), coercion chains, coercion to functions and sorts, named and optional arguments, elaboration of anonymous functions and dot notation.

inductive Color' where | r | g | b

structure Money where
  cents : Nat

instance : Coe Nat Money := ⟨fun n => ⟨100 * n⟩⟩

instance : Coe Bool Nat := ⟨fun b => b.toNat⟩

instance : NatCast Money := ⟨fun n => ⟨n⟩⟩

instance : HAdd Money Nat Money := ⟨fun m n => ⟨m.cents + n⟩⟩

structure Morph (α : Type u) (β : Type v) where
  map : α → β

instance : CoeFun (Morph α β) (fun _ => α → β) := ⟨Morph.map⟩

structure SubsetOf (α : Type u) where
  mem : α → Prop

instance : CoeSort (SubsetOf α) (Type u) := ⟨fun s => { a : α // s.mem a }⟩

def scale (m : Money) (by' : Nat := 2) : Money := ⟨m.cents * by'⟩

def constantly (a : α) (_ : β) : α := a

def total [Add α] [OfNat α 0] (xs : List α) : α := xs.foldr (· + ·) 0

theorem autobound_id (x : α) : constantly x y = x := rfl

theorem autobound_list (xs : List α) (h : xs ≠ []) : 0 < xs.length := List.length_pos_iff.mpr h

theorem autobound_inst [Add α] (f : α → α) (a b : α) (h : f = id) : f (a + b) = a + b := by
  subst h; rfl

theorem coe_money : (3 : Nat) = (3 : Nat) ∧ ((↑(3 : Nat) : Money)).cents = 3 := ⟨rfl, rfl⟩

theorem hetero_add (m : Money) : (m + (5 : Nat)).cents = m.cents + 5 := rfl

theorem coe_bool_nat : ((true : Nat) + 1) = 2 := rfl

theorem morph_apply (f : Morph Nat Nat) (h : ∀ n, f n = n) : f (f 3) = 3 := by rw [h, h]

theorem subset_element (s : SubsetOf Nat) (x : s) : s.mem x.1 := x.2

theorem default_arg (m : Money) : scale m = scale (by' := 2) m := rfl

theorem named_arg (m : Money) : (scale (by' := 3) (m := m)).cents = m.cents * 3 := rfl

theorem dot_notation (n : Nat) : n.succ.pred = n := rfl

theorem pipeline (xs : List Nat) : (xs |>.map (· + 1) |>.length) = xs.length := by simp

theorem anonymous_dot : ∃ c : Color', c ≠ .r ∧ c ≠ .g := ⟨.b, nofun, nofun⟩

theorem cdot_fun : (List.map (2 * · + 1) [1, 2]) = [3, 5] := rfl

theorem int_chain (n : Nat) (i : Int) (h : (n : Int) = i) : (↑(n + 1) : Int) = i + 1 := by omega

theorem fin_coe (i : Fin 5) : ((i : Nat) : Int) < 5 := by omega

theorem bool_coe_prop (b c : Bool) (h : b && c) : (b : Prop) ∧ c := by simpa using h

theorem total_nat : total [1, 2, 3] = 6 := rfl

theorem fun_binder_forms : (fun (x, y) (z : Nat) => x + y + z) = fun (p : Nat × Nat) z => p.1 + p.2 + z := rfl

theorem section_op : (· ∘ Nat.succ) Nat.pred 4 = 4 := rfl

theorem explicit_at (f : {α : Type} → α → α) (h : @f = fun {_} a => a) : f 3 = 3 := by rw [h]

theorem sorted_universe {α : Sort u} {p : α → Sort v} (f : ∀ a, p a) (a b : α) (h : a = b) : HEq (f a) (f b) := by
  rw [h]
