//! Building of operator trees in postorder. Owns their representation; must not know notation.

/// A node: its label, and where its subtree begins in postorder, which is also its leftmost leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub label: String,
    pub first: usize,
}

/// An ordered labelled tree: its nodes in postorder, so the root is the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperatorTree {
    pub(super) nodes: Vec<Node>,
}

impl OperatorTree {
    /// Number of nodes.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// Adds a leaf.
    pub(super) fn leaf(&mut self, label: &str) {
        self.node(label, self.nodes.len());
    }

    /// Adds a node whose children are the trees added since there were `first` nodes.
    pub(super) fn node(&mut self, label: &str, first: usize) {
        self.nodes.push(Node { label: label.to_owned(), first });
    }

    /// The subtree of a node as a term: `label` or `label(child, child)`.
    #[cfg(test)]
    pub(super) fn term(&self, node: usize) -> String {
        let (mut children, mut end) = (vec![], node);
        while end > self.nodes[node].first {
            children.push(self.term(end - 1));
            end = self.nodes[end - 1].first;
        }
        children.reverse();
        let label = &self.nodes[node].label;
        if children.is_empty() { label.clone() } else { format!("{label}({})", children.join(", ")) }
    }
}
