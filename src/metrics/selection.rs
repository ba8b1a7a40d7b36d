//! Choice of one sample among several of a problem. Owns the rules; whether samples are well-typed or equivalent is the
//! caller's knowledge. A sample that may not be chosen is `None`; among equals the first wins.

use super::bleu::BleuIndex;
use std::collections::HashMap;
use std::hash::Hash;

/// Self-consistency: the sample with the largest sum of BLEU, as the hypothesis, to all others. A lone sample wins.
/// O(m^2) comparisons for m samples.
pub fn self_consistent(samples: &[Option<&str>]) -> Option<usize> {
    let mut index = BleuIndex::default();
    let texts: Vec<_> =
        samples.iter().enumerate().filter_map(|(i, sample)| sample.map(|text| (i, index.text(text)))).collect();
    let score = |i: usize| -> f64 {
        texts.iter().filter(|(j, _)| *j != texts[i].0).map(|(_, other)| texts[i].1.against(other)).sum()
    };
    first_best((0..texts.len()).map(|i| (texts[i].0, score(i))))
}

/// Majority: the first sample of the largest class, where two samples are of one class if their `Some` are equal. With
/// texts this is majority by exact string; with numbers from [`classes`] it is majority by proved equivalence.
pub fn majority<C: Eq + Hash>(classes: &[Option<C>]) -> Option<usize> {
    let mut sizes = HashMap::new();
    for class in classes.iter().flatten() {
        *sizes.entry(class).or_insert(0) += 1;
    }
    let members = classes.iter().enumerate().filter_map(|(i, class)| Some((i, f64::from(sizes[class.as_ref()?]))));
    first_best(members)
}

/// The classes of `count` items under the equivalence that `related` generates: for each item the first item of its class.
///
/// `related` is asked once for a pair that no earlier answer has already put into one class, so a costly proof is not
/// repeated; it may fail to prove what follows from its other answers.
pub fn classes(count: usize, mut related: impl FnMut(usize, usize) -> bool) -> Vec<usize> {
    let mut class: Vec<usize> = (0..count).collect();
    for j in 1..count {
        for i in 0..j {
            if class[i] != class[j] && related(i, j) {
                let (kept, merged) = (class[i].min(class[j]), class[i].max(class[j]));
                class[..=j].iter_mut().filter(|c| **c == merged).for_each(|c| *c = kept);
            }
        }
    }
    class
}

fn first_best(scored: impl Iterator<Item = (usize, f64)>) -> Option<usize> {
    let best = scored.fold(None, |best: Option<(usize, f64)>, new| match best {
        Some(old) if old.1 >= new.1 => Some(old),
        _ => Some(new),
    });
    best.map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn self_consistency_prefers_the_middle() {
        let samples = ["x y z w q", "a b c d e", "a b c d f", "a b c g f"].map(Some);
        assert_eq!(self_consistent(&samples), Some(2));
        assert_eq!(self_consistent(&[None, Some("a")]), Some(1));
        assert_eq!(self_consistent(&[None]), None);
        assert_eq!(self_consistent(&[Some("a b"), Some("a b")]), Some(0));
    }

    #[test]
    fn a_sample_that_is_not_well_typed_neither_wins_nor_votes() {
        let samples = [Some("a b c d"), None, Some("e f g h"), Some("e f g i")];
        assert_eq!(self_consistent(&samples), Some(2));
        assert_eq!(majority(&[Some("a"), None, None]), Some(0));
    }

    #[test]
    fn majority_takes_the_largest_class_and_then_the_first() {
        assert_eq!(majority(&["a", "b", "b", "c"].map(Some)), Some(1));
        assert_eq!(majority(&["a", "b", "b", "a"].map(Some)), Some(0));
        assert_eq!(majority::<u8>(&[]), None);
    }

    #[test]
    fn classes_close_a_relation() {
        let mut asked = vec![];
        let found = classes(5, |i, j| {
            asked.push((i, j));
            [(0, 2), (2, 4), (1, 3)].contains(&(i, j))
        });
        assert_eq!(found, [0, 1, 0, 1, 0]);
        assert!(!asked.contains(&(0, 4)) || !asked.contains(&(2, 4)) || found[4] == 0);
        let mut calls = 0;
        assert_eq!(
            classes(4, |_, _| {
                calls += 1;
                true
            }),
            [0; 4]
        );
        assert_eq!(calls, 3);
    }
}
