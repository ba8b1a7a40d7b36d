-- Kinds: deriving (DecidableEq, BEq, ReflBEq, LawfulBEq, Inhabited, Repr, Hashable, Ord, Nonempty), deriving instance, enumerations, decide over derived instances.

inductive Colour where
  | red | green | blue
  deriving DecidableEq, Repr, Inhabited, Hashable, Ord

inductive Day where
  | mon | tue | wed | thu | fri | sat | sun
  deriving DecidableEq, BEq

structure Card where
  rank : Nat
  colour : Colour
  deriving DecidableEq, Repr, Inhabited, Hashable

inductive Op where
  | push (n : Nat)
  | pop
  | jump (target : Nat) (cond : Bool)
  deriving DecidableEq, Repr, Inhabited

inductive BTree (α : Type u) where
  | leaf
  | node (l : BTree α) (v : α) (r : BTree α)
  deriving DecidableEq, Repr, Inhabited, BEq

structure Pair (α : Type u) (β : Type v) where
  fst : α
  snd : β
  deriving DecidableEq, Inhabited

inductive Shape where
  | circle (r : Nat)
  | rect (w h : Nat)
  deriving BEq, ReflBEq, LawfulBEq

structure Meta where
  tag : Nat
  deriving Nonempty

inductive Later | a | b

deriving instance DecidableEq for Later
deriving instance Repr, Inhabited for Later

theorem colour_ne : Colour.red ≠ .blue := by decide

theorem colour_exhaust (c : Colour) : c = .red ∨ c = .green ∨ c = .blue := by
  cases c <;> decide

theorem colour_default : (default : Colour) = .red := rfl

theorem colour_ord : compare Colour.red Colour.blue = .lt := by decide

theorem colour_ord_refl (c : Colour) : compare c c = .eq := by cases c <;> rfl

theorem day_beq : (Day.mon == Day.tue) = false := rfl

theorem day_not_all_equal : ¬ ∀ a b : Day, a = b := fun h => absurd (h .mon .tue) (by decide)

theorem card_dec : (⟨3, .red⟩ : Card) ≠ ⟨3, .blue⟩ := by decide

theorem card_if (c : Card) : (if c = c then 1 else 0) = 1 := if_pos rfl

theorem op_inj (m n : Nat) (b c : Bool) : Op.jump m b = Op.jump n c ↔ m = n ∧ b = c := by
  simp

theorem op_ne (n : Nat) : Op.push n ≠ .pop := nofun

theorem op_decide_eq (n : Nat) : decide (Op.push n = Op.push n) = true := by simp

theorem btree_dec : (BTree.node .leaf 1 .leaf) ≠ BTree.node .leaf 2 .leaf := by decide

theorem btree_default : (default : BTree Nat) = .leaf := rfl

theorem btree_node_inj {l l' r r' : BTree α} {v v' : α} (h : BTree.node l v r = .node l' v' r') : v = v' := by
  injection h

theorem btree_no_cycle (l r : BTree α) (v : α) : l ≠ .node l v r := by
  intro h
  have := congrArg sizeOf h
  simp at this
  omega

theorem pair_dec (a b : Nat) : Decidable.decide ((⟨a, b⟩ : Pair Nat Nat) = ⟨a, b⟩) = true := by simp

theorem pair_default : (default : Pair Nat Colour) = ⟨0, .red⟩ := rfl

theorem shape_beq_iff (s t : Shape) : (s == t) = true ↔ s = t := beq_iff_eq

theorem shape_beq_refl (s : Shape) : (s == s) = true := by simp

theorem meta_nonempty : Nonempty Meta := inferInstance

theorem later_dec : Later.a ≠ Later.b := by decide

theorem later_cases (f : Later → Nat) (h : f .a = f .b) (x y : Later) : f x = f y := by
  cases x <;> cases y <;> simp [h]

theorem colour_ctorIdx : Colour.blue.ctorIdx = 2 := rfl

example : ∃ c : Colour, c ≠ default := ⟨.green, by decide⟩
