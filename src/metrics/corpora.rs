//! Cheap measures of how alike two sets of texts are, beside which an expensive one has to earn its cost. Owns these formulas:
//! compression distance as ZIP-FIT has it, and overlap of n-grams.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::collections::HashMap;
use std::hash::Hash;
use std::io::Write;

/// Bytes of a text when compressed (DEFLATE at its highest level).
fn compressed(parts: &[&str]) -> usize {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    for part in parts {
        let _ = encoder.write_all(part.as_bytes());
    }
    encoder.finish().map_or(0, |bytes| bytes.len())
}

/// Normalised compression distance (Cilibrasi and Vitanyi 2005) with DEFLATE, which is gzip without its header: near 0 for texts
/// that say the same, near 1 for those that have nothing in common; a little more is possible. Texts longer than its window of 32
/// kB are compared by their ends and beginnings only.
pub fn compression_distance(a: &str, b: &str) -> f64 {
    let (first, second, both) = (compressed(&[a]), compressed(&[b]), compressed(&[a, b]));
    (both as f64 - first.min(second) as f64) / first.max(second).max(1) as f64
}

/// One minus the mean compression distance of every text of one set to every text of another: the alignment of ZIP-FIT (Obbad et
/// al. 2024, arXiv 2410.18194). `None` if a set is empty. O(n m) compressions.
pub fn compression_alignment<T: AsRef<str>>(source: &[T], target: &[T]) -> Option<f64> {
    let pairs = (source.len() * target.len()) as f64;
    let sum: f64 =
        source.iter().map(|a| target.iter().map(|b| compression_distance(a.as_ref(), b.as_ref())).sum::<f64>()).sum();
    (pairs > 0.0).then(|| 1.0 - sum / pairs)
}

/// Cosine of the counts of n-grams of two sets of token sequences, from 0 to 1: 1 where each n-gram has the same share of both.
/// N-grams do not reach from one sequence into the next. `None` if a set has none.
pub fn ngram_cosine<T: Eq + Hash>(source: &[Vec<T>], target: &[Vec<T>], n: usize) -> Option<f64> {
    let (first, second) = (counts(source, n), counts(target, n));
    let norm = |counts: &HashMap<&[T], f64>| counts.values().map(|count| count * count).sum::<f64>().sqrt();
    let both: f64 = first.iter().filter_map(|(ngram, count)| Some(count * second.get(ngram)?)).sum();
    let norms = norm(&first) * norm(&second);
    (norms > 0.0).then(|| both / norms)
}

fn counts<T: Eq + Hash>(texts: &[Vec<T>], n: usize) -> HashMap<&[T], f64> {
    let mut counts = HashMap::new();
    for ngram in texts.iter().flat_map(|text| text.windows(n.max(1))) {
        *counts.entry(ngram).or_default() += 1.0;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAN: &str =
        "theorem add_comm (a b : Nat) : a + b = b + a := by omega\ntheorem mul_comm (a b : Nat) : a * b = b * a";
    const MORE: &str =
        "theorem add_assoc (a b c : Nat) : a + b + c = a + (b + c) := by omega\ntheorem zero_add (a : Nat) : 0 + a = a";
    const PROSE: &str =
        "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness";

    #[test]
    fn texts_of_a_kind_compress_each_other() {
        let (own, near, far) =
            (compression_distance(LEAN, LEAN), compression_distance(LEAN, MORE), compression_distance(LEAN, PROSE));
        assert!(own < 0.15 && own < near && near < far && far < 1.1, "{own} {near} {far}");
        assert_eq!(compression_distance("", ""), 0.0);
        let of = |source: &[&str], target: &[&str]| compression_alignment(source, target).unwrap();
        assert!((of(&[LEAN, PROSE], &[MORE]) - (1.0 - (near_of(LEAN) + near_of(PROSE)) / 2.0)).abs() < 1e-12);
        assert!(of(&[LEAN], &[MORE]) > of(&[PROSE], &[MORE]));
        assert_eq!(compression_alignment::<&str>(&[], &[LEAN]), None);
    }

    fn near_of(text: &str) -> f64 {
        compression_distance(text, MORE)
    }

    #[test]
    fn shares_of_ngrams_are_compared() {
        let set = |texts: &[&str]| texts.iter().map(|t| t.chars().collect::<Vec<char>>()).collect::<Vec<_>>();
        let same = ngram_cosine(&set(&["abab", "ab"]), &set(&["ab", "abab", "abab", "ab"]), 1).unwrap();
        assert!((same - 1.0).abs() < 1e-12);
        // Counts (2, 1) and (1, 2) of unigrams a and b.
        assert!((ngram_cosine(&set(&["aab"]), &set(&["abb"]), 1).unwrap() - 4.0 / 5.0).abs() < 1e-12);
        // Bigrams {aa, ab} and {ab, bb} share one of two; those across texts do not count.
        assert!((ngram_cosine(&set(&["aab"]), &set(&["abb"]), 2).unwrap() - 0.5).abs() < 1e-12);
        assert_eq!(ngram_cosine(&set(&["a", "b"]), &set(&["ab"]), 2), None);
        assert_eq!(ngram_cosine(&set(&["aa"]), &set(&["bb"]), 1), Some(0.0));
    }
}
