//! Decisions by a score: thresholds chosen on labelled items, and cross-validation so that no item is decided by a
//! threshold it helped to choose. Owns both; what is maximised is Cohen's kappa.

use super::Confusion;
use crate::metrics::Random;

/// The threshold with the largest kappa on these items, as a decision `score >= threshold`; of equals that with the
/// largest accuracy, then the lowest. It lies halfway between two neighbouring scores; `f64::NEG_INFINITY` accepts
/// everything.
///
/// `None` if lengths differ, if a score is NaN, or if the labels are not of both kinds: then nothing can be chosen.
/// O(n log n).
pub fn best_threshold(scores: &[f64], labels: &[bool]) -> Option<f64> {
    let both = labels.contains(&true) && labels.contains(&false);
    if scores.len() != labels.len() || !both || scores.iter().any(|s| s.is_nan()) {
        return None;
    }
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|i, j| scores[*i].total_cmp(&scores[*j]));
    // Everything is accepted at first; then the lowest scores are rejected one after the other.
    let mut counts = Confusion::of(labels.iter().map(|label| (true, *label)));
    let quality = |counts: &Confusion| (counts.kappa().unwrap_or(0.0), counts.accuracy().unwrap_or(0.0));
    let (mut best, mut best_quality) = (f64::NEG_INFINITY, quality(&counts));
    for (at, item) in order.iter().enumerate() {
        if labels[*item] {
            (counts.true_positive, counts.false_negative) = (counts.true_positive - 1, counts.false_negative + 1);
        } else {
            (counts.false_positive, counts.true_negative) = (counts.false_positive - 1, counts.true_negative + 1);
        }
        let Some(next) = order.get(at + 1).map(|i| scores[*i]).filter(|next| *next > scores[*item]) else { continue };
        if quality(&counts) > best_quality {
            best_quality = quality(&counts);
            // Two scores may be so near that nothing is between them: `next` itself accepts `next` only.
            let middle = f64::midpoint(scores[*item], next);
            best = if middle > scores[*item] { middle } else { next };
        }
    }
    Some(best)
}

/// What [`cross_validated`] decided.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossValidated {
    /// The decision on each item, by a threshold chosen on the other folds.
    pub decisions: Vec<bool>,
    /// The fold of each item.
    pub folds: Vec<usize>,
    /// The threshold that decided each fold.
    pub thresholds: Vec<f64>,
    /// All decisions against the labels.
    pub confusion: Confusion,
}

/// Decides every item by [`best_threshold`] of the folds it is not in: seeded, stratified k-fold cross-validation. Folds
/// have the same number of positive and of negative items, to within one.
///
/// `None` if there are fewer than two folds, or if the items outside some fold have no threshold.
pub fn cross_validated(scores: &[f64], labels: &[bool], folds: usize, seed: u64) -> Option<CrossValidated> {
    if folds < 2 || scores.len() != labels.len() {
        return None;
    }
    let mut order: Vec<usize> = (0..labels.len()).collect();
    Random::new(seed).shuffle(&mut order);
    // All positives, then all negatives, dealt to the folds in turn.
    order.sort_by_key(|item| !labels[*item]);
    let mut fold_of = vec![0; labels.len()];
    order.iter().enumerate().for_each(|(turn, item)| fold_of[*item] = turn % folds);
    let mut thresholds = Vec::with_capacity(folds);
    for fold in 0..folds {
        let others = || (0..labels.len()).filter(|item| fold_of[*item] != fold);
        let (chosen_scores, chosen_labels): (Vec<f64>, Vec<bool>) = others().map(|i| (scores[i], labels[i])).unzip();
        thresholds.push(best_threshold(&chosen_scores, &chosen_labels)?);
    }
    let decisions: Vec<bool> = scores.iter().zip(&fold_of).map(|(score, fold)| *score >= thresholds[*fold]).collect();
    let confusion = Confusion::of(decisions.iter().copied().zip(labels.iter().copied()));
    Some(CrossValidated { decisions, folds: fold_of, thresholds, confusion })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(seed: u64, n: usize, steps: u64) -> (Vec<f64>, Vec<bool>) {
        let mut random = Random::new(seed);
        let scores: Vec<f64> = (0..n).map(|_| random.below(steps) as f64 / steps as f64).collect();
        let labels = scores.iter().map(|s| random.unit() < 0.2 + 0.6 * s).collect();
        (scores, labels)
    }

    #[test]
    fn no_other_threshold_is_better() {
        for seed in 0..50 {
            let (scores, labels) = drawn(seed, 60, 20);
            let best = best_threshold(&scores, &labels).expect("both labels occur");
            let kappa = |t| Confusion::at_threshold(&scores, &labels, t).kappa().unwrap_or(0.0);
            let most = scores.iter().map(|s| kappa(*s)).fold(0.0, f64::max);
            assert!((kappa(best) - most).abs() < 1e-12, "{seed}: {best}");
        }
        assert_eq!(best_threshold(&[0.1, 0.2], &[true, true]), None);
        assert_eq!(best_threshold(&[0.1, f64::NAN], &[true, false]), None);
        assert_eq!(best_threshold(&[0.25, 0.75], &[false, true]), Some(0.5));
    }

    #[test]
    fn a_threshold_does_not_depend_on_the_labels_it_decides() {
        let (scores, labels) = drawn(1, 101, 1000);
        let found = cross_validated(&scores, &labels, 5, 7).expect("enough items");
        for fold in 0..5 {
            let others: Vec<usize> = (0..101).filter(|i| found.folds[*i] != fold).collect();
            let (s, l): (Vec<f64>, Vec<bool>) = others.iter().map(|i| (scores[*i], labels[*i])).unzip();
            assert_eq!(best_threshold(&s, &l), Some(found.thresholds[fold]));
        }
    }

    #[test]
    fn folds_are_stratified_and_seeded() {
        let (scores, labels) = drawn(2, 203, 1000);
        let found = cross_validated(&scores, &labels, 10, 3).expect("enough items");
        for wanted in [true, false] {
            let count = |fold| (0..203).filter(|i| labels[*i] == wanted && found.folds[*i] == fold).count();
            let counts: Vec<usize> = (0..10).map(count).collect();
            assert!(
                counts.iter().max().zip(counts.iter().min()).is_some_and(|(max, min)| max - min <= 1),
                "{counts:?}"
            );
        }
        assert_eq!(cross_validated(&scores, &labels, 10, 3), Some(found.clone()));
        assert_ne!(cross_validated(&scores, &labels, 10, 4).map(|c| c.folds), Some(found.folds));
        assert_eq!(cross_validated(&scores, &labels, 1, 3), None);
    }

    /// A score without information must not look informative, as it does with a threshold chosen on the scored items.
    #[test]
    fn noise_has_no_kappa() {
        let (mut honest, mut tuned) = (0.0, 0.0);
        for seed in 0..100 {
            let mut random = Random::new(seed);
            let scores: Vec<f64> = (0..90).map(|_| random.unit()).collect();
            let labels: Vec<bool> = (0..90).map(|_| random.unit() < 0.5).collect();
            let found = cross_validated(&scores, &labels, 10, seed).expect("both labels occur");
            honest += found.confusion.kappa().unwrap_or(0.0) / 100.0;
            let best = best_threshold(&scores, &labels).expect("both labels occur");
            tuned += Confusion::at_threshold(&scores, &labels, best).kappa().unwrap_or(0.0) / 100.0;
        }
        assert!(honest < 0.05 && tuned > 0.1, "{honest} {tuned}");
    }
}
