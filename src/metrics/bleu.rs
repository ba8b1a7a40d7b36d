//! Sentence BLEU. Owns the formula of Papineni et al. 2002 with smoothing method 4 of Chen and Cherry 2014; must agree
//! with NLTK's `sentence_bleu(.., smoothing_function=SmoothingFunction().method4)` on every pair of texts.

use super::ngrams::{Interner, shared, sorted_ngrams, words};

/// Highest order of n-grams; each has weight 1/4.
const ORDERS: usize = 4;
/// The constant `k` of smoothing method 4.
const K: f64 = 5.0;

/// BLEU of a hypothesis against one reference, both split at white space: in `[0, 1]`, 0 if they share no word.
///
/// The value is NLTK 3.10's, to rounding. An order with no match counts as `ln(length) / (2^c * 5)` matches, where `c`
/// counts such orders from 1 and `length` is the hypothesis' in words; a one-word hypothesis has its orders without
/// matches left out.
pub fn sentence_bleu(reference: &str, hypothesis: &str) -> f64 {
    let mut index = BleuIndex::default();
    let (reference, hypothesis) = (index.text(reference), index.text(hypothesis));
    hypothesis.against(&reference)
}

/// Texts prepared for many comparisons with each other: only texts of the same index may be compared.
#[derive(Default)]
pub struct BleuIndex<'a>(Interner<'a>);

/// The n-grams of one text of a [`BleuIndex`].
pub struct BleuText {
    words: usize,
    orders: [Vec<u128>; ORDERS],
}

impl<'a> BleuIndex<'a> {
    /// Prepares a text: O(n log n) for n words.
    pub fn text(&mut self, text: &'a str) -> BleuText {
        let numbers: Vec<u32> = words(text).map(|word| self.0.number(word)).collect();
        BleuText { words: numbers.len(), orders: std::array::from_fn(|n| sorted_ngrams::<32>(&numbers, n + 1)) }
    }
}

impl BleuText {
    /// [`sentence_bleu`] with this text as the hypothesis.
    pub fn against(&self, reference: &BleuText) -> f64 {
        let length = self.words as f64;
        let (mut smoothed, mut log_sum) = (0, 0.0);
        for (n, ngrams) in self.orders.iter().enumerate() {
            let mut matches = shared(ngrams, &reference.orders[n]) as f64;
            if matches == 0.0 {
                if n == 0 {
                    return 0.0;
                }
                if self.words == 1 {
                    continue;
                }
                smoothed += 1;
                matches = length.ln() / (f64::from(1 << smoothed) * K);
            }
            log_sum += (matches / ngrams.len().max(1) as f64).ln() / ORDERS as f64;
        }
        let brevity = if self.words > reference.words { 1.0 } else { (1.0 - reference.words as f64 / length).exp() };
        brevity * log_sum.exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored outputs of NLTK 3.10.4 (tests/reference/metrics/texts.py).
    #[test]
    fn agrees_with_nltk() {
        let cases = crate::metrics::reference::texts();
        assert!(cases.len() >= 300);
        for case in cases {
            let found = sentence_bleu(&case.reference, &case.hypothesis);
            assert!((found - case.bleu).abs() < 1e-12, "{case:?}: {found}");
        }
    }

    #[test]
    fn equal_texts_score_one() {
        assert_eq!(sentence_bleu("a b c d", "a b c d"), 1.0);
        assert_eq!(sentence_bleu("", ""), 0.0);
    }
}
