//! Tree edit distance. Owns the algorithm of Zhang and Shasha 1989; must not know what labels mean.

use super::build::OperatorTree;
use std::collections::HashMap;

/// A tree as the algorithm reads it: postorder labels as numbers, the postorder index of each node's leftmost leaf.
struct Postorder {
    labels: Vec<u32>,
    leftmost: Vec<usize>,
}

impl Postorder {
    fn of<'a>(tree: &'a OperatorTree, numbers: &mut HashMap<&'a str, u32>) -> Postorder {
        let mut number = |label: &'a str| {
            let next = numbers.len() as u32;
            *numbers.entry(label).or_insert(next)
        };
        Postorder {
            labels: tree.nodes.iter().map(|n| number(&n.label)).collect(),
            leftmost: tree.nodes.iter().map(|n| n.first).collect(),
        }
    }

    /// The tree with the children of every node in reverse order, whose postorder is this one's preorder backwards.
    fn mirrored(&self) -> Postorder {
        let (mut preorder, mut pending) = (Vec::with_capacity(self.labels.len()), vec![]);
        pending.extend(self.labels.len().checked_sub(1));
        while let Some(node) = pending.pop() {
            preorder.push(node);
            // From right to left, so that the leftmost child is taken next.
            let mut end = node;
            while end > self.leftmost[node] {
                pending.push(end - 1);
                end = self.leftmost[end - 1];
            }
        }
        preorder.reverse();
        Postorder {
            labels: preorder.iter().map(|node| self.labels[*node]).collect(),
            leftmost: preorder.iter().enumerate().map(|(at, node)| at + self.leftmost[*node] - *node).collect(),
        }
    }

    /// The nodes that are no leftmost child, in postorder: each leftmost leaf's highest ancestor.
    fn key_roots(&self) -> Vec<usize> {
        let mut highest = vec![None; self.labels.len()];
        self.leftmost.iter().enumerate().for_each(|(node, leaf)| highest[*leaf] = Some(node));
        let mut roots: Vec<usize> = highest.into_iter().flatten().collect();
        roots.sort_unstable();
        roots
    }

    /// Nodes below all key roots: the factor of this tree in the time of [`zhang_shasha`].
    fn work(&self) -> u64 {
        self.key_roots().iter().map(|root| (root - self.leftmost[*root] + 1) as u64).sum()
    }
}

/// The fewest insertions, deletions and relabellings of one node that turn one tree into the other, and the steps it took:
/// `Err(steps)` if it would take more than `most`. Of the two mirror images the cheaper one is worked on.
pub(super) fn distance_within(a: &OperatorTree, b: &OperatorTree, most: u64) -> Result<usize, u64> {
    if a == b {
        return Ok(0);
    }
    let mut numbers = HashMap::new();
    let (a, b) = (Postorder::of(a, &mut numbers), Postorder::of(b, &mut numbers));
    let (mirrored_a, mirrored_b) = (a.mirrored(), b.mirrored());
    let (straight, mirrored) = (a.work() * b.work(), mirrored_a.work() * mirrored_b.work());
    match straight.min(mirrored) {
        steps if steps > most => Err(steps),
        _ if mirrored < straight => Ok(zhang_shasha(&mirrored_a, &mirrored_b)),
        _ => Ok(zhang_shasha(&a, &b)),
    }
}

/// O(work(a) work(b)) time, O(|a| |b|) space.
fn zhang_shasha(a: &Postorder, b: &Postorder) -> usize {
    let (n, m) = (a.labels.len(), b.labels.len());
    if n == 0 || m == 0 {
        return n.max(m);
    }
    // trees[i * m + j]: distance of the subtrees of i and j. forests: of the nodes before i and j below two key roots.
    let mut trees = vec![0u32; n * m];
    let mut forests = vec![0u32; (n + 1) * (m + 1)];
    let roots_b = b.key_roots();
    for root_a in a.key_roots() {
        let first_a = a.leftmost[root_a];
        for root_b in &roots_b {
            let first_b = b.leftmost[*root_b];
            let width = root_b - first_b + 2;
            (0..width).for_each(|j| forests[j] = j as u32);
            for i in 1..root_a - first_a + 2 {
                let node_a = first_a + i - 1;
                let whole_a = a.leftmost[node_a] == first_a;
                let (above, row) = forests.split_at_mut(i * width);
                let above_left = &above[(a.leftmost[node_a] - first_a) * width..];
                let above = &above[(i - 1) * width..];
                row[0] = i as u32;
                for j in 1..width {
                    let node_b = first_b + j - 1;
                    let edit = above[j].min(row[j - 1]) + 1;
                    row[j] = if whole_a && b.leftmost[node_b] == first_b {
                        let relabel = u32::from(a.labels[node_a] != b.labels[node_b]);
                        let distance = edit.min(above[j - 1] + relabel);
                        trees[node_a * m + node_b] = distance;
                        distance
                    } else {
                        edit.min(above_left[b.leftmost[node_b] - first_b] + trees[node_a * m + node_b])
                    };
                }
            }
        }
    }
    trees[n * m - 1] as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a(b,c)` as a tree.
    fn tree(term: &str) -> OperatorTree {
        let (mut tree, mut open) = (OperatorTree::default(), vec![]);
        for part in term.split_inclusive(['(', ')', ',']) {
            let (label, end) = part.split_at(part.len() - usize::from(part.ends_with(['(', ')', ','])));
            match (end, label) {
                ("(", _) => open.push((label, tree.size())),
                (_, "") => {}
                _ => tree.leaf(label),
            }
            if end == ")" {
                let (label, first) = open.pop().expect("balanced");
                tree.node(label, first);
            }
        }
        tree
    }

    /// Stored outputs of the Python package apted 1.0.3 (tests/reference/metrics/trees.py).
    #[test]
    fn agrees_with_apted_on_either_side() {
        let cases = crate::metrics::reference::trees();
        assert!(cases.len() >= 200);
        for case in cases {
            let (a, b) = (tree(&case.a), tree(&case.b));
            assert_eq!(distance_within(&a, &b, u64::MAX), Ok(case.distance), "{case:?}");
            let mut numbers = HashMap::new();
            let (a, b) = (Postorder::of(&a, &mut numbers), Postorder::of(&b, &mut numbers));
            assert_eq!(zhang_shasha(&a, &b), case.distance, "{case:?}");
            assert_eq!(zhang_shasha(&a.mirrored(), &b.mirrored()), case.distance, "{case:?}");
        }
    }

    #[test]
    fn mirroring_twice_is_nothing() {
        let tree = tree("f(d(a,c(b)),e,g(h))");
        let straight = Postorder::of(&tree, &mut HashMap::new());
        let twice = straight.mirrored().mirrored();
        assert_eq!((twice.labels, twice.leftmost), (straight.labels, straight.leftmost));
    }

    #[test]
    fn too_much_work_is_refused() {
        let (a, b) = (tree("f(a,b)"), tree("f(a,c)"));
        assert_eq!(distance_within(&a, &b, 100), Ok(1));
        assert!(distance_within(&a, &b, 1).is_err());
    }
}
