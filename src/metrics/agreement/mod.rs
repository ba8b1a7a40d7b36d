//! Agreement of a yes-no decision with a label. Owns counts and the rates and coefficients made of them; `correlation` is
//! for scores, `mcnemar` and `exact` for paired runs, `threshold` for decisions by a score.

mod correlation;
mod exact;
mod mcnemar;
mod threshold;

pub use correlation::{average_ranks, pearson, point_biserial, spearman};
pub use exact::{ExactMcNemar, holm, mcnemar_exact};
pub use mcnemar::{McNemar, mcnemar};
pub use threshold::{CrossValidated, best_threshold, cross_validated};

/// How often decision and label were what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    pub true_positive: u64,
    pub true_negative: u64,
    pub false_positive: u64,
    pub false_negative: u64,
}

impl Confusion {
    /// Counts pairs of (decision, label).
    pub fn of(pairs: impl IntoIterator<Item = (bool, bool)>) -> Confusion {
        pairs.into_iter().fold(Confusion::default(), |mut counts, pair| {
            *match pair {
                (true, true) => &mut counts.true_positive,
                (false, false) => &mut counts.true_negative,
                (true, false) => &mut counts.false_positive,
                (false, true) => &mut counts.false_negative,
            } += 1;
            counts
        })
    }

    /// Counts where the decision is `score >= threshold`. Scores and labels are taken in pairs.
    pub fn at_threshold(scores: &[f64], labels: &[bool], threshold: f64) -> Confusion {
        Confusion::of(scores.iter().map(|s| *s >= threshold).zip(labels.iter().copied()))
    }

    /// Number of items.
    pub fn total(&self) -> u64 {
        self.true_positive + self.true_negative + self.false_positive + self.false_negative
    }

    /// Share of the positive decisions that are right. `None` without any.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.true_positive, self.true_positive + self.false_positive)
    }

    /// Share of the positive labels that were found. `None` without any.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.true_positive, self.true_positive + self.false_negative)
    }

    /// Share of right decisions. `None` without items.
    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.true_positive + self.true_negative, self.total())
    }

    /// Cohen's kappa (Cohen 1960): agreement beyond that of independent decisions with the same rates, at most 1. `None`
    /// without items, or if decisions and labels are all the same and the one value: nothing but agreement was possible.
    pub fn kappa(&self) -> Option<f64> {
        let n = self.total() as f64;
        let (decided, labelled) = (self.true_positive + self.false_positive, self.true_positive + self.false_negative);
        let both = decided as f64 * labelled as f64 + (n - decided as f64) * (n - labelled as f64);
        let by_chance = both / (n * n);
        (by_chance < 1.0).then(|| (self.accuracy().unwrap_or(0.0) - by_chance) / (1.0 - by_chance))
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored outputs of scikit-learn 1.9 (tests/reference/metrics/agreement.py).
    #[test]
    fn agrees_with_scikit_learn() {
        for case in crate::metrics::reference::statistics().confusions {
            let [true_positive, true_negative, false_positive, false_negative] = case.counts;
            let counts = Confusion { true_positive, true_negative, false_positive, false_negative };
            for (found, expected) in [
                (counts.precision(), case.precision),
                (counts.recall(), case.recall),
                (counts.accuracy(), case.accuracy),
                (counts.kappa(), case.kappa),
            ] {
                match (found, expected) {
                    (Some(f), Some(e)) => assert!((f - e).abs() < 1e-12, "{case:?}: {f}"),
                    _ => assert_eq!(found, expected, "{case:?}"),
                }
            }
        }
    }

    #[test]
    fn a_threshold_is_reached_by_equality() {
        let found = Confusion::at_threshold(&[0.2, 0.5, 0.7], &[true, false, true], 0.5);
        assert_eq!(found, Confusion { true_positive: 1, true_negative: 0, false_positive: 1, false_negative: 1 });
        assert_eq!(Confusion::default().kappa(), None);
    }
}
