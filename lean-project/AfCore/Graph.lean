import AfCore.List

/-!
# Simple graphs

This module owns simple undirected graphs: adjacency, complement, subgraphs, walks, connectedness,
homomorphisms, colourings, and, on the vertices `0, …, n - 1`, degrees and the number of edges.
Names are those of Mathlib.
-/

universe u v w

/-- A simple graph on the vertex type `V`: an irreflexive symmetric relation `Adj`, telling which
pairs of vertices are joined by an edge. -/
@[ext] structure SimpleGraph (V : Type u) where
  /-- Two vertices are adjacent if an edge joins them. -/
  Adj : V → V → Prop
  /-- Edges have no direction. -/
  symm : ∀ ⦃v w⦄, Adj v w → Adj w v
  /-- No edge joins a vertex to itself. -/
  loopless : ∀ v, ¬ Adj v v

/-- The complete bipartite graph with the two sides `V` and `W`: vertices are adjacent if and only
if they are on different sides. -/
def completeBipartiteGraph (V : Type u) (W : Type v) : SimpleGraph (V ⊕ W) where
  Adj x y := x.isLeft ≠ y.isLeft
  symm _ _ h := h.symm
  loopless _ h := h rfl

namespace SimpleGraph

variable {V : Type u} {W : Type v} {X : Type w} {G H K : SimpleGraph V}

theorem adj_comm (G : SimpleGraph V) (v w : V) : G.Adj v w ↔ G.Adj w v :=
  ⟨fun h => G.symm h, fun h => G.symm h⟩

theorem Adj.symm {v w : V} (h : G.Adj v w) : G.Adj w v := G.symm h

@[simp] theorem irrefl {v : V} : ¬ G.Adj v v := G.loopless v

/-- Adjacent vertices are different. -/
theorem Adj.ne {v w : V} (h : G.Adj v w) : v ≠ w := fun e => G.loopless w (e ▸ h)

theorem ne_of_adj (G : SimpleGraph V) {v w : V} (h : G.Adj v w) : v ≠ w := h.ne

/-! ## Subgraphs, complete and empty graphs, complement -/

/-- `G ≤ H` says that `G` is a subgraph of `H` (on the same vertices): every edge of `G` is an edge
of `H`. -/
instance : LE (SimpleGraph V) := ⟨fun G H => ∀ ⦃v w⦄, G.Adj v w → H.Adj v w⟩

theorem le_iff_adj : G ≤ H ↔ ∀ v w, G.Adj v w → H.Adj v w := Iff.rfl

protected theorem le_refl (G : SimpleGraph V) : G ≤ G := fun _ _ h => h

protected theorem le_trans (h : G ≤ H) (h' : H ≤ K) : G ≤ K := fun _ _ a => h' (h a)

protected theorem le_antisymm (h : G ≤ H) (h' : H ≤ G) : G = H := by
  ext v w
  exact ⟨fun a => h a, fun a => h' a⟩

/-- The complete graph: any two different vertices are adjacent. -/
def completeGraph (V : Type u) : SimpleGraph V where
  Adj v w := v ≠ w
  symm _ _ h := h.symm
  loopless _ h := h rfl

/-- The empty graph: there are no edges. -/
def emptyGraph (V : Type u) : SimpleGraph V where
  Adj _ _ := False
  symm _ _ h := h
  loopless _ h := h

/-- The complement of `G`: two different vertices are adjacent in it if and only if they are not
adjacent in `G`. -/
def compl (G : SimpleGraph V) : SimpleGraph V where
  Adj v w := v ≠ w ∧ ¬ G.Adj v w
  symm _ _ h := ⟨h.1.symm, fun a => h.2 a.symm⟩
  loopless _ h := h.1 rfl

@[simp] theorem completeGraph_adj (v w : V) : (completeGraph V).Adj v w ↔ v ≠ w := Iff.rfl
@[simp] theorem emptyGraph_adj (v w : V) : (emptyGraph V).Adj v w ↔ False := Iff.rfl
@[simp] theorem compl_adj (G : SimpleGraph V) (v w : V) :
    G.compl.Adj v w ↔ v ≠ w ∧ ¬ G.Adj v w := Iff.rfl
@[simp] theorem completeBipartiteGraph_adj (x y : V ⊕ W) :
    (completeBipartiteGraph V W).Adj x y ↔ x.isLeft ≠ y.isLeft := Iff.rfl

/-- The path with the vertices `0, …, n - 1`: consecutive numbers are adjacent. -/
def pathGraph (n : Nat) : SimpleGraph (Fin n) where
  Adj i j := i.val + 1 = j.val ∨ j.val + 1 = i.val
  symm _ _ h := h.symm
  loopless i h := by omega

/-- The cycle with the vertices `0, …, n - 1`: different vertices are adjacent if they are
consecutive modulo `n`. -/
def cycleGraph (n : Nat) : SimpleGraph (Fin n) where
  Adj i j := i ≠ j ∧ ((i.val + 1) % n = j.val ∨ (j.val + 1) % n = i.val)
  symm _ _ h := ⟨h.1.symm, h.2.symm⟩
  loopless _ h := h.1 rfl

@[simp] theorem pathGraph_adj {n : Nat} (i j : Fin n) :
    (pathGraph n).Adj i j ↔ i.val + 1 = j.val ∨ j.val + 1 = i.val := Iff.rfl
@[simp] theorem cycleGraph_adj {n : Nat} (i j : Fin n) : (cycleGraph n).Adj i j ↔
    i ≠ j ∧ ((i.val + 1) % n = j.val ∨ (j.val + 1) % n = i.val) := Iff.rfl

instance [DecidableEq V] : DecidableRel (completeGraph V).Adj :=
  fun v w => inferInstanceAs (Decidable (v ≠ w))
instance : DecidableRel (emptyGraph V).Adj := fun _ _ => inferInstanceAs (Decidable False)
instance [DecidableEq V] (G : SimpleGraph V) [DecidableRel G.Adj] : DecidableRel G.compl.Adj :=
  fun v w => inferInstanceAs (Decidable (v ≠ w ∧ ¬ G.Adj v w))
instance (n : Nat) : DecidableRel (pathGraph n).Adj :=
  fun i j => inferInstanceAs (Decidable (i.val + 1 = j.val ∨ j.val + 1 = i.val))
instance (n : Nat) : DecidableRel (cycleGraph n).Adj := fun i j =>
  inferInstanceAs (Decidable (i ≠ j ∧ ((i.val + 1) % n = j.val ∨ (j.val + 1) % n = i.val)))

/-! ## Walks and connectedness -/

/-- A walk in `G` from `u` to `v`: a sequence of vertices, each adjacent to the next. -/
inductive Walk (G : SimpleGraph V) : V → V → Type u
  /-- The walk that stays at `u`. -/
  | nil {u : V} : Walk G u u
  /-- A step along an edge from `u` to `v`, followed by a walk from `v` to `w`. -/
  | cons {u v w : V} (h : G.Adj u v) (p : Walk G v w) : Walk G u w

namespace Walk

/-- The number of steps of a walk. -/
def length {u v : V} : G.Walk u v → Nat
  | nil => 0
  | cons _ p => p.length + 1

/-- The list of the vertices of a walk, in order. -/
def support {u v : V} : G.Walk u v → List V
  | nil => [u]
  | cons _ p => u :: p.support

/-- One walk followed by another. -/
def append {u v w : V} : G.Walk u v → G.Walk v w → G.Walk u w
  | nil, q => q
  | cons h p, q => cons h (p.append q)

/-- The walk of one step along an edge. -/
def ofAdj {u v : V} (h : G.Adj u v) : G.Walk u v := cons h nil

/-- The walk in the opposite direction. -/
def reverse {u v : V} : G.Walk u v → G.Walk v u
  | nil => nil
  | cons h p => p.reverse.append (ofAdj h.symm)

/-- A path is a walk that visits no vertex twice. -/
def IsPath {u v : V} (p : G.Walk u v) : Prop := p.support.Nodup

@[simp] theorem length_nil {u : V} : (nil : G.Walk u u).length = 0 := rfl
@[simp] theorem length_cons {u v w : V} (h : G.Adj u v) (p : G.Walk v w) :
    (cons h p).length = p.length + 1 := rfl
@[simp] theorem length_ofAdj {u v : V} (h : G.Adj u v) : (ofAdj h).length = 1 := rfl
@[simp] theorem support_nil {u : V} : (nil : G.Walk u u).support = [u] := rfl
@[simp] theorem support_cons {u v w : V} (h : G.Adj u v) (p : G.Walk v w) :
    (cons h p).support = u :: p.support := rfl
@[simp] theorem nil_append {u v : V} (q : G.Walk u v) : nil.append q = q := rfl
@[simp] theorem cons_append {u v w x : V} (h : G.Adj u v) (p : G.Walk v w) (q : G.Walk w x) :
    (cons h p).append q = cons h (p.append q) := rfl
@[simp] theorem reverse_nil {u : V} : (nil : G.Walk u u).reverse = nil := rfl
@[simp] theorem reverse_cons {u v w : V} (h : G.Adj u v) (p : G.Walk v w) :
    (cons h p).reverse = p.reverse.append (ofAdj h.symm) := rfl

@[simp] theorem length_append {u v w : V} (p : G.Walk u v) (q : G.Walk v w) :
    (p.append q).length = p.length + q.length := by
  induction p with
  | nil => simp
  | cons h p ih => simp [ih]; omega

end Walk

/-- The vertices `u` and `v` are connected by a walk. -/
def Reachable (G : SimpleGraph V) (u v : V) : Prop := Nonempty (G.Walk u v)

theorem Reachable.refl (u : V) : G.Reachable u u := ⟨.nil⟩

theorem Adj.reachable {u v : V} (h : G.Adj u v) : G.Reachable u v := ⟨.ofAdj h⟩

theorem Reachable.trans {u v w : V} (h : G.Reachable u v) (h' : G.Reachable v w) :
    G.Reachable u w := by
  obtain ⟨p⟩ := h
  obtain ⟨q⟩ := h'
  exact ⟨p.append q⟩

theorem Reachable.symm {u v : V} (h : G.Reachable u v) : G.Reachable v u := by
  obtain ⟨p⟩ := h
  exact ⟨p.reverse⟩

/-- Any two vertices are connected by a walk. -/
def Preconnected (G : SimpleGraph V) : Prop := ∀ u v, G.Reachable u v

/-- A graph is connected if it has a vertex and any two vertices are connected by a walk. -/
structure Connected (G : SimpleGraph V) : Prop where
  /-- Any two vertices are connected by a walk. -/
  preconnected : G.Preconnected
  /-- There is a vertex. -/
  nonempty : Nonempty V

/-! ## Homomorphisms and colourings -/

/-- A homomorphism of graphs: a map of the vertices that maps adjacent vertices to adjacent ones. -/
structure Hom (G : SimpleGraph V) (H : SimpleGraph W) where
  /-- The map of the vertices. -/
  toFun : V → W
  /-- Adjacent vertices have adjacent images. -/
  map_adj : ∀ {v w}, G.Adj v w → H.Adj (toFun v) (toFun w)

instance (G : SimpleGraph V) (H : SimpleGraph W) : CoeFun (Hom G H) fun _ => V → W := ⟨Hom.toFun⟩

/-- An isomorphism of graphs: a bijection of the vertices that preserves and reflects adjacency. -/
structure Iso (G : SimpleGraph V) (H : SimpleGraph W) where
  /-- The map of the vertices. -/
  toFun : V → W
  /-- The inverse map. -/
  invFun : W → V
  /-- Going there and back is the identity on the first graph. -/
  left_inv : ∀ v, invFun (toFun v) = v
  /-- Going back and there is the identity on the second graph. -/
  right_inv : ∀ w, toFun (invFun w) = w
  /-- Vertices are adjacent if and only if their images are. -/
  map_adj_iff : ∀ {v w}, H.Adj (toFun v) (toFun w) ↔ G.Adj v w

/-- A proper colouring of `G` with the colours `α`: adjacent vertices have different colours. -/
structure Coloring (G : SimpleGraph V) (α : Type w) where
  /-- The colour of a vertex. -/
  toFun : V → α
  /-- Adjacent vertices have different colours. -/
  valid : ∀ {v w}, G.Adj v w → toFun v ≠ toFun w

instance (α : Type w) : CoeFun (G.Coloring α) fun _ => V → α := ⟨Coloring.toFun⟩

/-- `G` has a proper colouring with `n` colours. -/
def Colorable (G : SimpleGraph V) (n : Nat) : Prop := Nonempty (G.Coloring (Fin n))

/-- A graph is bipartite if it has a proper colouring with two colours. -/
def IsBipartite (G : SimpleGraph V) : Prop := G.Colorable 2

/-! ## Degrees and numbers of edges, on the vertices `0, …, n - 1` -/

variable {n : Nat}

/-- The degree of the vertex `v`: the number of vertices that are adjacent to `v`. -/
def degree (G : SimpleGraph (Fin n)) [DecidableRel G.Adj] (v : Fin n) : Nat :=
  (List.finRange n).countP fun w => G.Adj v w

/-- The number of edges of `G`: the number of pairs `v < w` of adjacent vertices. -/
def numEdges (G : SimpleGraph (Fin n)) [DecidableRel G.Adj] : Nat :=
  ((List.finRange n).map fun v => (List.finRange n).countP fun w => v < w ∧ G.Adj v w).sum

/-- The sum of the degrees of all vertices. -/
def sumDegrees (G : SimpleGraph (Fin n)) [DecidableRel G.Adj] : Nat :=
  ((List.finRange n).map fun v => G.degree v).sum

/-- Every vertex has degree `d`. -/
def IsRegularOfDegree (G : SimpleGraph (Fin n)) [DecidableRel G.Adj] (d : Nat) : Prop :=
  ∀ v, G.degree v = d

/-- The degree as a sum over all vertices. -/
theorem degree_eq_sum (G : SimpleGraph (Fin n)) [DecidableRel G.Adj] (v : Fin n) :
    G.degree v = ((List.finRange n).map fun w => if G.Adj v w then 1 else 0).sum := by
  simp [degree, List.countP_eq_sum_nat]

theorem numEdges_eq_sum (G : SimpleGraph (Fin n)) [DecidableRel G.Adj] :
    G.numEdges = ((List.finRange n).map fun v =>
      ((List.finRange n).map fun w => if v < w ∧ G.Adj v w then 1 else 0).sum).sum := by
  simp [numEdges, List.countP_eq_sum_nat]

end SimpleGraph
