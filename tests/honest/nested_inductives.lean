-- Kinds: nested inductive types (through List, Array, Option, Prod), their auxiliary recursors, structural and well-founded recursion with attach.

inductive Rose (α : Type u) where
  | node : α → List (Rose α) → Rose α

namespace Rose

def label : Rose α → α
  | node a _ => a

def children : Rose α → List (Rose α)
  | node _ ts => ts

mutual
  def size : Rose α → Nat
    | node _ ts => sizes ts + 1
  def sizes : List (Rose α) → Nat
    | [] => 0
    | t :: ts => size t + sizes ts
end

mutual
  def mirror : Rose α → Rose α
    | node a ts => node a (mirrors ts)
  def mirrors : List (Rose α) → List (Rose α)
    | [] => []
    | t :: ts => mirrors ts ++ [mirror t]
end

def depth : Rose α → Nat
  | node _ ts => (ts.attach.map fun ⟨t, _⟩ => depth t).foldr max 0 + 1

def mapR (f : α → β) : Rose α → Rose β
  | node a ts => node (f a) (ts.map fun t => mapR f t)

theorem eta (t : Rose α) : node t.label t.children = t := by cases t; rfl

theorem size_pos (t : Rose α) : 0 < t.size := by
  cases t
  simp [size]

theorem sizes_append (ss ts : List (Rose α)) : sizes (ss ++ ts) = sizes ss + sizes ts := by
  induction ss with
  | nil => simp [sizes]
  | cons s ss ih => simp [sizes, ih, Nat.add_assoc]

mutual
  theorem size_mirror : (t : Rose α) → t.mirror.size = t.size
    | node _ ts => by simp [mirror, size, sizes_mirrors ts]
  theorem sizes_mirrors : (ts : List (Rose α)) → sizes (mirrors ts) = sizes ts
    | [] => by simp [mirrors]
    | t :: ts => by
      simp [mirrors, sizes_append, sizes, sizes_mirrors ts, size_mirror t, Nat.add_comm]
end

theorem mirrors_append (ss ts : List (Rose α)) : mirrors (ss ++ ts) = mirrors ts ++ mirrors ss := by
  induction ss with
  | nil => simp [mirrors]
  | cons s ss ih => simp [mirrors, ih]

mutual
  theorem mirror_mirror : (t : Rose α) → t.mirror.mirror = t
    | node _ ts => by simp [mirror, mirrors_mirrors ts]
  theorem mirrors_mirrors : (ts : List (Rose α)) → mirrors (mirrors ts) = ts
    | [] => by simp [mirrors]
    | t :: ts => by simp [mirrors, mirrors_append, mirrors_mirrors ts, mirror_mirror t]
end

theorem depth_pos (t : Rose α) : 0 < t.depth := by
  cases t
  simp [depth]

theorem label_mapR (f : α → β) (t : Rose α) : (mapR f t).label = f t.label := by
  cases t
  simp [mapR, label]

theorem mapR_id (t : Rose α) : mapR id t = t :=
  match t with
  | node a ts => by
    rw [mapR, id]
    congr
    have h : ∀ s ∈ ts, mapR id s = s := fun s _ => mapR_id s
    calc ts.map (fun s => mapR id s) = ts.map id := List.map_congr_left h
      _ = ts := List.map_id ts

theorem mapR_comp (f : α → β) (g : β → γ) (t : Rose α) : mapR g (mapR f t) = mapR (g ∘ f) t := by
  induction t using Rose.rec (motive_2 := fun ts => ts.map (fun t => mapR g (mapR f t)) = ts.map (mapR (g ∘ f)))
  case node a ts ih =>
    simp only [mapR, List.map_map, Function.comp_apply]
    congr 1
  case nil => rfl
  case cons t ts iht ihts => simp_all

theorem all_labels (p : Rose α → Prop) (h : ∀ a ts, (∀ t ∈ ts, p t) → p (node a ts)) (t : Rose α) : p t :=
  match t with
  | node a ts => h a ts fun s _ => all_labels p h s

end Rose

inductive Term where
  | var : Nat → Term
  | app : String → Array Term → Term

inductive Json' where
  | null
  | num (n : Int)
  | arr (xs : List Json')
  | obj (fields : List (String × Json'))
  | opt (x : Option Json')

def Json'.weight : Json' → Nat
  | .null => 1
  | .num n => n.natAbs
  | .arr _ => 2
  | .obj _ => 3
  | .opt none => 0
  | .opt (some x) => x.weight + 1

theorem Term.var_ne_app (n : Nat) (f : String) (ts : Array Term) : Term.var n ≠ Term.app f ts := nofun

theorem Term.app_inj {f g : String} {ts us : Array Term} (h : Term.app f ts = Term.app g us) :
    f = g ∧ ts = us := by
  cases h
  exact ⟨rfl, rfl⟩

theorem Json'.weight_opt (x : Json') : (Json'.opt (some x)).weight = x.weight + 1 := by
  rw [Json'.weight]

theorem Json'.num_inj : Function.Injective Json'.num := fun _ _ h => by injection h

theorem Json'.arr_size (x : Json') (xs : List Json') (h : x ∈ xs) : sizeOf x < sizeOf (Json'.arr xs) := by
  have := List.sizeOf_lt_of_mem h
  simp
  omega
