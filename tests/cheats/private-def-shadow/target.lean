inductive Tree where
  | leaf
  | node (l r : Tree)
def height : Tree → Nat
  | .leaf => 0
  | .node l r => max (height l) (height r) + 1
theorem height_node (l r : Tree) : height l < height (.node l r) := sorry
