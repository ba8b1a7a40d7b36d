//! Similarity of sequences by insertions, deletions and substitutions, and exact match. Owns the Levenshtein distance;
//! must not know what a token is.

use std::collections::HashMap;
use std::hash::Hash;

/// True if two texts are the same words in the same order, whatever white space separates them.
pub fn exact_match(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

/// [`sequence_similarity`] over the characters (Unicode scalar values) of two texts.
pub fn edit_similarity(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    sequence_similarity(&a, &b)
}

/// `1 - levenshtein(a, b) / max(|a|, |b|)`, in `[0, 1]`; 1 for two empty sequences. Over tokens this is the token edit
/// similarity.
pub fn sequence_similarity<T: Eq + Hash>(a: &[T], b: &[T]) -> f64 {
    match a.len().max(b.len()) {
        0 => 1.0,
        longer => 1.0 - levenshtein(a, b) as f64 / longer as f64,
    }
}

/// Fewest insertions, deletions and substitutions of one item that turn `a` into `b` (Levenshtein 1966).
///
/// Bit-parallel in blocks of 64 items of `a` (Myers 1999, in the form of Hyyrö 2003): O(|a| |b| / 64) time and
/// O(|a| kinds / 64) space for the kinds of items in `a`.
pub fn levenshtein<T: Eq + Hash>(a: &[T], b: &[T]) -> usize {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if a.is_empty() {
        return b.len();
    }
    // Bit i of a block: where `a` has the item; where the column of the table rises or falls from row i to i + 1.
    let blocks = a.len().div_ceil(64);
    let mut positions: HashMap<&T, Vec<u64>> = HashMap::new();
    for (i, item) in a.iter().enumerate() {
        positions.entry(item).or_insert_with(|| vec![0; blocks])[i / 64] |= 1 << (i % 64);
    }
    let absent = vec![0; blocks];
    let (mut rises, mut falls) = (vec![u64::MAX; blocks], vec![0; blocks]);
    let last = 1 << ((a.len() - 1) % 64);
    let mut distance = a.len();
    for item in b {
        let equal = positions.get(item).unwrap_or(&absent);
        // What the row above this block does from this column to the next; the table's top row rises.
        let (mut rise_in, mut fall_in) = (1, 0);
        for block in 0..blocks {
            let (rise, fall) = (rises[block], falls[block]);
            let same = equal[block] | fall_in;
            let zero = ((same & rise).wrapping_add(rise) ^ rise) | same | fall;
            let (row_rise, row_fall) = (fall | !(zero | rise), rise & zero);
            if block + 1 == blocks {
                distance += usize::from(row_rise & last != 0);
                distance -= usize::from(row_fall & last != 0);
            }
            let (shifted_rise, shifted_fall) = (row_rise << 1 | rise_in, row_fall << 1 | fall_in);
            (rise_in, fall_in) = (row_rise >> 63, row_fall >> 63);
            rises[block] = shifted_fall | !(zero | shifted_rise);
            falls[block] = shifted_rise & zero;
        }
    }
    distance
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Random;

    /// The definition, row by row.
    fn by_table(a: &[u64], b: &[u64]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut diagonal = std::mem::replace(&mut row[0], i + 1);
            for (j, y) in b.iter().enumerate() {
                let best = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
                diagonal = std::mem::replace(&mut row[j + 1], best);
            }
        }
        row[b.len()]
    }

    #[test]
    fn agrees_with_the_table() {
        let mut random = Random::new(1);
        for round in 0..600 {
            let (longest, kinds) = ([5, 70, 300][round % 3], [2, 4, 50][round / 3 % 3]);
            let mut draw = || -> Vec<u64> { (0..random.below(longest)).map(|_| random.below(kinds)).collect() };
            let (a, b) = (draw(), draw());
            assert_eq!(levenshtein(&a, &b), by_table(&a, &b), "{a:?} {b:?}");
        }
    }

    /// Stored outputs of NLTK's `edit_distance` (tests/reference/metrics/texts.py).
    #[test]
    fn agrees_with_nltk() {
        for case in crate::metrics::reference::texts() {
            let chars = |s: &str| s.chars().collect::<Vec<_>>();
            assert_eq!(levenshtein(&chars(&case.reference), &chars(&case.hypothesis)), case.levenshtein, "{case:?}");
        }
    }

    #[test]
    fn similarity_and_match() {
        assert_eq!(edit_similarity("kitten", "sitting"), 1.0 - 3.0 / 7.0);
        assert_eq!(edit_similarity("", ""), 1.0);
        assert_eq!(edit_similarity("", "ab"), 0.0);
        assert_eq!(sequence_similarity(&["a", "+", "b"], &["a", "*", "b"]), 1.0 - 1.0 / 3.0);
        assert!(exact_match("a  b\n", " a b"));
        assert!(!exact_match("a+b", "a + b"));
    }
}
