//! Counting of n-grams, shared by BLEU and chrF. Owns their packing into integers; must not know any score.

use std::collections::HashMap;

/// Words as Python's `str.split()` finds them: Unicode white space and the four ASCII separators `\x1c` to `\x1f`.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)).filter(|word| !word.is_empty())
}

/// Numbers for words, the same for equal words.
#[derive(Default)]
pub(super) struct Interner<'a>(HashMap<&'a str, u32>);

impl<'a> Interner<'a> {
    pub fn number(&mut self, word: &'a str) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(word).or_insert(next)
    }
}

/// All n-grams of `items` in ascending order, each packed into one integer; `BITS` bits hold an item, and `n * BITS` may
/// not exceed 128.
pub(super) fn sorted_ngrams<const BITS: u32>(items: &[u32], n: usize) -> Vec<u128> {
    let packed = items.windows(n).map(|w| w.iter().fold(0, |key, item| key << BITS | u128::from(*item)));
    let mut ngrams: Vec<u128> = packed.collect();
    ngrams.sort_unstable();
    ngrams
}

/// How many n-grams two sorted lists share, each counted as often as it is in both.
pub(super) fn shared(a: &[u128], b: &[u128]) -> usize {
    let (mut i, mut j, mut found) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, found) = (i + 1, j + 1, found + 1),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_counts_are_clipped() {
        let a = sorted_ngrams::<32>(&[1, 2, 1, 2, 1], 2);
        let b = sorted_ngrams::<32>(&[2, 1, 2, 3], 2);
        assert_eq!((a.len(), b.len(), shared(&a, &b)), (4, 3, 2));
        assert_eq!(sorted_ngrams::<32>(&[1], 2), Vec::<u128>::new());
    }

    #[test]
    fn words_are_those_of_python() {
        assert_eq!(words(" a\u{1c}b\u{a0}\n c ").collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
