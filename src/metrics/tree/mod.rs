//! GTED, the similarity of two Lean statements as operator trees. Owns the score; `parse` owns the trees, `distance` their
//! edit distance. No Lean: a tree is what the text looks like, not what it means.

mod build;
mod distance;
mod notation;
mod parse;
mod tokens;

pub use build::OperatorTree;
pub use tokens::lean_tokens;

/// Steps of the exact distance that one comparison may take, about a tenth of a second. The largest of the 596
/// statements in GTED's data has 143 nodes and is far below it.
const MAX_STEPS: u64 = 1 << 25;

impl OperatorTree {
    /// The operator tree of a statement: see [`gted`] for its shape. Never fails; linear in the text. A text is read until
    /// its tree has 1,024 nodes, and what is nested more than 64 levels deep becomes leaves.
    pub fn of(statement: &str) -> OperatorTree {
        parse::statement(statement)
    }

    /// [`gted`] of prepared trees.
    pub fn similarity(&self, other: &OperatorTree) -> f64 {
        let distance = distance::distance_within(self, other, MAX_STEPS).unwrap_or_else(|_| {
            let labels = |tree: &OperatorTree| tree.nodes.iter().map(|n| n.label.clone()).collect::<Vec<_>>();
            super::edit::levenshtein(&labels(self), &labels(other))
        });
        1.0 - distance as f64 / self.size().max(other.size()) as f64
    }
}

/// GTED of two Lean statements: `1 - TED / max(|T1|, |T2|)` (Liu et al. 2025, "Generalized Tree Edit Distance"). At most 1,
/// and above -1: trees of quite different shapes can be further apart than the larger one has nodes.
///
/// TED is the exact edit distance of the two operator trees with unit costs. An operator is a node with its operands as
/// children, and so are a binding symbol (over its variables, bounds and body), a bracket other than `( )` and the whole
/// signature (over its binders and the goal). The head of an application is part of its label. `(a b : T)` counts as
/// `(a : T) (b : T)`. Names are kept, those of theorems are not.
///
/// A pair whose distance would take more than 2^25 steps, which needs hundreds of deeply nested nodes on both sides,
/// gets the edit distance of its labels in postorder instead: never more than TED.
pub fn gted(a: &str, b: &str) -> f64 {
    OperatorTree::of(a).similarity(&OperatorTree::of(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_is_the_share_of_nodes_that_stay() {
        let a = "theorem a (x : ℝ) (h : 0 < x) : x ≠ 0 := by sorry";
        assert_eq!(gted(a, a), 1.0);
        assert_eq!(gted(a, "lemma b (x : ℝ) (h : 0 < x) : x ≠ 0 := sorry"), 1.0);
        assert_eq!(OperatorTree::of(a).size(), 13);
        assert_eq!(gted(a, "theorem a (x : ℝ) (h : 0 ≤ x) : x ≠ 0"), 1.0 - 1.0 / 13.0);
        assert_eq!(gted(a, "theorem a (x : ℝ) : x ≠ 0"), 1.0 - 6.0 / 13.0);
        assert_eq!(gted("", ""), 1.0);
    }

    #[test]
    fn hostile_texts_take_no_time() {
        let start = std::time::Instant::now();
        let texts = [
            "(".repeat(1 << 20),
            "¬".repeat(1 << 20),
            "f (g ".repeat(1 << 18),
            "∀ x, ".repeat(1 << 18),
            "a → (b ∧ ".repeat(1 << 18),
            "|".repeat(1 << 20),
            format!("theorem t {}", "(a b c : (d e : f)) ".repeat(1 << 16)),
            format!("theorem t ({} : {}", "a ".repeat(1 << 12), "(f x) + ".repeat(1 << 12)),
            "x.y".repeat(1 << 18),
            "{x | ⟨‖ ≡ [MOD let if ".repeat(1 << 15),
            "(a + b) * (c ∧ d → ".repeat(1 << 15),
        ];
        let few: Vec<OperatorTree> = texts[..5].iter().map(|text| OperatorTree::of(text)).collect();
        for a in &texts {
            let tree = OperatorTree::of(a);
            assert!(tree.size() <= parse::MAX_NODES + 8 * parse::MAX_DEPTH, "{}", tree.size());
            for b in &few {
                let score = tree.similarity(b);
                assert!(score > -1.0 && score <= 1.0, "{score}");
            }
        }
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }
}
