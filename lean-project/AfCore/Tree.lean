import AfCore.List

/-!
# Binary trees

This module owns binary trees whose inner nodes carry values: the usual measures, mirror image, the
three traversals, perfect trees, and binary search trees. Names are those of Mathlib.
-/

universe u v

/-- A binary tree with values of type `α`: either empty, or a node that carries a value and has a
left and a right subtree. -/
inductive BinaryTree (α : Type u) : Type u
  /-- The empty tree. -/
  | nil : BinaryTree α
  /-- A node with its value, its left subtree and its right subtree. -/
  | node (value : α) (left right : BinaryTree α) : BinaryTree α

namespace BinaryTree

variable {α : Type u} {β : Type v}

/-- The number of nodes of a tree. -/
@[simp] def numNodes : BinaryTree α → Nat
  | nil => 0
  | node _ l r => l.numNodes + r.numNodes + 1

/-- The number of leaves of a tree, that is of places where it is empty. -/
@[simp] def numLeaves : BinaryTree α → Nat
  | nil => 1
  | node _ l r => l.numLeaves + r.numLeaves

/-- The height of a tree: the number of nodes on a longest way down from the root. -/
@[simp] def height : BinaryTree α → Nat
  | nil => 0
  | node _ l r => max l.height r.height + 1

/-- The tree with `f` applied to all its values. -/
@[simp] def map (f : α → β) : BinaryTree α → BinaryTree β
  | nil => nil
  | node a l r => node (f a) (l.map f) (r.map f)

/-- The mirror image of a tree: at every node the two subtrees are exchanged. -/
@[simp] def mirror : BinaryTree α → BinaryTree α
  | nil => nil
  | node a l r => node a r.mirror l.mirror

/-- The values of a tree from left to right: left subtree, node, right subtree. -/
@[simp] def toListInOrder : BinaryTree α → List α
  | nil => []
  | node a l r => l.toListInOrder ++ [a] ++ r.toListInOrder

/-- The values of a tree, a node before its left and then its right subtree. -/
@[simp] def toListPreOrder : BinaryTree α → List α
  | nil => []
  | node a l r => [a] ++ l.toListPreOrder ++ r.toListPreOrder

/-- The values of a tree, a node after its left and then its right subtree. -/
@[simp] def toListPostOrder : BinaryTree α → List α
  | nil => []
  | node a l r => l.toListPostOrder ++ r.toListPostOrder ++ [a]

/-- The value `a` occurs in the tree. It is written `a ∈ t`. -/
def Mem (t : BinaryTree α) (a : α) : Prop :=
  match t with
  | nil => False
  | node b l r => a = b ∨ l.Mem a ∨ r.Mem a

instance : Membership α (BinaryTree α) := ⟨Mem⟩

@[simp] theorem not_mem_nil (a : α) : ¬ a ∈ (nil : BinaryTree α) := fun h => h

@[simp] theorem mem_node {a b : α} {l r : BinaryTree α} :
    a ∈ node b l r ↔ a = b ∨ a ∈ l ∨ a ∈ r := Iff.rfl

/-- A tree is perfect if at every node both subtrees have the same height. -/
@[simp] def IsPerfect : BinaryTree α → Prop
  | nil => True
  | node _ l r => l.height = r.height ∧ l.IsPerfect ∧ r.IsPerfect

/-- A tree is height-balanced if at every node the heights of the subtrees differ by at most one. -/
@[simp] def IsBalanced : BinaryTree α → Prop
  | nil => True
  | node _ l r =>
    l.height ≤ r.height + 1 ∧ r.height ≤ l.height + 1 ∧ l.IsBalanced ∧ r.IsBalanced

/-- The right rotation at the root, as used in balancing search trees; a tree without a left child
remains unchanged. -/
def rotateRight : BinaryTree α → BinaryTree α
  | node a (node b l m) r => node b l (node a m r)
  | t => t

/-! ## Search trees -/

/-- A binary search tree: at every node, smaller values are in the left subtree, and larger ones in
the right subtree. -/
@[simp] def IsBST [LT α] : BinaryTree α → Prop
  | nil => True
  | node a l r => (∀ x ∈ l, x < a) ∧ (∀ x ∈ r, a < x) ∧ l.IsBST ∧ r.IsBST

/-- Inserts a value into a search tree; values that are already there are not inserted again. -/
@[simp] def insert [LT α] [DecidableLT α] (t : BinaryTree α) (x : α) : BinaryTree α :=
  match t with
  | nil => node x nil nil
  | node a l r =>
    if x < a then node a (l.insert x) r else if a < x then node a l (r.insert x) else node a l r

/-- Searches a value in a search tree by going down from the root, to the left for smaller values
and to the right for larger ones. -/
@[simp] def search [LT α] [DecidableLT α] (t : BinaryTree α) (x : α) : Bool :=
  match t with
  | nil => false
  | node a l r => if x < a then l.search x else if a < x then r.search x else true

/-- The search tree obtained by inserting the entries of a list, from its last to its first, into
the empty tree. -/
@[simp] def ofList [LT α] [DecidableLT α] : List α → BinaryTree α
  | [] => nil
  | x :: l => (ofList l).insert x

end BinaryTree
