inductive Tree where
  | leaf
  | node (l r : Tree)
private def size : Tree → Nat
  | .leaf => 1
  | .node l r => size l + size r + 1
def height : Tree → Nat
  | .leaf => 0
  | .node l r => max (height l) (height r) + 1
theorem height_node (l r : Tree) : height l < height (.node l r) := by
  simp only [height]
  omega
