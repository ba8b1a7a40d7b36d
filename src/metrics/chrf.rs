//! chrF. Owns the formula of Popovic 2015 in sacrebleu's reading; character n-grams only.

use super::ngrams::{shared, sorted_ngrams};

/// Highest order of character n-grams.
const ORDERS: usize = 6;
/// Recall weighs `BETA` times as much as precision.
const BETA: f64 = 2.0;

/// chrF of a hypothesis against one reference, white space left out, in `[0, 1]`: sacrebleu 2.6's `sentence_chrf` with its
/// defaults (character order 6, word order 0, beta 2), divided by 100.
///
/// Precision and recall are averaged over the orders that both texts are long enough for; if there is none, the score is
/// 0, also for two empty texts. O(n log n).
pub fn chrf(reference: &str, hypothesis: &str) -> f64 {
    // A character has 21 bits, so six of them fit into 126.
    let characters =
        |text: &str| -> Vec<u32> { super::ngrams::words(text).flat_map(str::chars).map(u32::from).collect() };
    let (reference, hypothesis) = (characters(reference), characters(hypothesis));
    let orders = ORDERS.min(reference.len()).min(hypothesis.len());
    let (mut precision, mut recall) = (0.0, 0.0);
    for n in 1..=orders {
        let (r, h) = (sorted_ngrams::<21>(&reference, n), sorted_ngrams::<21>(&hypothesis, n));
        let matches = shared(&h, &r) as f64;
        precision += matches / h.len() as f64 / orders as f64;
        recall += matches / r.len() as f64 / orders as f64;
    }
    if precision + recall == 0.0 {
        return 0.0;
    }
    let weight = BETA * BETA;
    (1.0 + weight) * precision * recall / (weight * precision + recall)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored outputs of sacrebleu 2.6.0 (tests/reference/metrics/texts.py).
    #[test]
    fn agrees_with_sacrebleu() {
        for case in crate::metrics::reference::texts() {
            let found = chrf(&case.reference, &case.hypothesis);
            assert!((found - case.chrf).abs() < 1e-12, "{case:?}: {found}");
        }
    }
}
