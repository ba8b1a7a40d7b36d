inductive Tree where
  | leaf
  | node (l r : Tree)
private def height : Tree → Nat
  | .leaf => 0
  | .node _ _ => 1
theorem height_lt (t : Tree) : height .leaf < height (.node t t) := Nat.one_pos
theorem height_node (l r : Tree) : height .leaf < height (.node l r) := Nat.one_pos
