//! From scores to figures: means over problems with intervals, by group, at k samples, and the correlation of signals.
//! Owns what counts how (a problem without a prediction, a prediction nothing was decided about); the formulas are
//! `metrics/`'s.

use super::scored::Scored;
use super::signal::Signal;
use crate::domain::Problem;
use crate::metrics::{RESAMPLES, bootstrap_mean, pass_at_k, spearman, wilson_interval};
use std::collections::BTreeMap;

/// A mean over problems with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
    /// Problems it is a mean of.
    pub problems: usize,
    /// Predictions left out because nothing was shown either way.
    pub undecided: usize,
}

/// Estimates by signal; a signal without any score is missing.
pub type Estimates = BTreeMap<Signal, Estimate>;

/// Whose mean is taken.
pub struct Sample<'a> {
    /// The problems, by their index in the data set.
    pub problems: Vec<usize>,
    pub scored: &'a [Scored],
    /// Seed of the bootstrap.
    pub seed: u64,
    /// True if problems without a prediction are left out instead of counting as failed.
    pub answered_only: bool,
}

/// Scores of one signal.
struct ByProblem {
    /// Of each problem that has any.
    values: Vec<Vec<f64>>,
    /// Problems without a prediction, if those count as failed.
    unanswered: usize,
    /// Predictions nothing was shown about.
    undecided: usize,
}

impl Sample<'_> {
    fn by_problem(&self, signal: Signal) -> ByProblem {
        let place: BTreeMap<usize, usize> = self.problems.iter().enumerate().map(|(at, p)| (*p, at)).collect();
        let mut values = vec![Vec::new(); self.problems.len()];
        let (mut undecided, mut answered) = (0, vec![false; self.problems.len()]);
        for scored in self.scored {
            let Some(at) = place.get(&scored.problem) else { continue };
            answered[*at] = true;
            match scored.scores.get(&signal) {
                Some(Some(score)) => values[*at].push(*score),
                Some(None) => undecided += 1,
                None => {}
            }
        }
        // Who gives no answer has said nothing right. A loss is of the reference, so there is none to be missing.
        let counts = !self.answered_only && signal != Signal::Loss;
        let unanswered = answered.iter().filter(|answered| counts && !**answered).count();
        ByProblem { values: values.into_iter().filter(|v| !v.is_empty()).collect(), unanswered, undecided }
    }

    /// The mean over problems of the mean over their predictions; `None` if nothing has a score.
    pub fn estimate(&self, signal: Signal) -> Option<Estimate> {
        let ByProblem { values, unanswered, undecided } = self.by_problem(signal);
        let is_single = values.iter().all(|v| v.len() <= 1);
        let mut means: Vec<f64> = values.iter().map(|v| mean(v)).collect();
        means.resize(means.len() + unanswered, 0.0);
        interval(&means, signal.is_rate() && is_single, self.seed).map(|e| Estimate { undecided, ..e })
    }

    /// All signals that have a score.
    pub fn estimates(&self, signals: &[Signal]) -> Estimates {
        // A signal nobody has is not a signal everybody failed.
        let is_there = |signal: &Signal| self.scored.iter().any(|s| s.scores.contains_key(signal));
        signals.iter().filter(|s| is_there(s)).filter_map(|s| Some((*s, self.estimate(*s)?))).collect()
    }

    /// pass@k of a rate: problems with fewer than `k` decided predictions are left out.
    pub fn pass_at(&self, signal: Signal, k: u64) -> Option<Estimate> {
        let ByProblem { values, unanswered, undecided } = self.by_problem(signal);
        let mut passes: Vec<f64> = values
            .iter()
            .filter_map(|v| pass_at_k(v.len() as u64, v.iter().filter(|s| **s == 1.0).count() as u64, k))
            .collect();
        passes.resize(passes.len() + unanswered, 0.0);
        interval(&passes, false, self.seed).map(|e| Estimate { undecided, ..e })
    }
}

/// Mean and interval: Wilson's for plain yes or no, a bootstrap over problems otherwise.
fn interval(values: &[f64], is_count: bool, seed: u64) -> Option<Estimate> {
    if values.is_empty() {
        return None;
    }
    let (low, high) = if is_count {
        wilson_interval(values.iter().filter(|v| **v == 1.0).count() as u64, values.len() as u64)
    } else {
        // One problem says nothing of the others; every signal with an interval is between 0 and 1, but for the loss.
        bootstrap_mean(values, RESAMPLES, seed).unwrap_or((0.0, values[0].max(1.0)))
    };
    Some(Estimate { mean: mean(values), low, high, problems: values.len(), undecided: 0 })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// What problems can be grouped by.
pub const DIMENSIONS: [&str; 4] = ["concept", "source", "difficulty", "split"];

/// The value of a dimension.
pub fn group_of<'a>(problem: &'a Problem, dimension: &str) -> Option<&'a str> {
    let groups = &problem.groups;
    match dimension {
        "concept" => groups.concept.as_deref(),
        "source" => groups.source.as_deref(),
        "difficulty" => groups.difficulty.as_deref(),
        "split" => groups.split.as_deref(),
        _ => None,
    }
}

/// Problems by the value of a dimension, in the order of the values; those without one are left out.
pub fn grouped(problems: &[Problem], dimension: &str) -> BTreeMap<String, Vec<usize>> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, problem) in problems.iter().enumerate() {
        if let Some(value) = group_of(problem, dimension) {
            groups.entry(value.to_owned()).or_default().push(at);
        }
    }
    groups
}

/// Spearman's rank correlation of two signals over the predictions that have both.
pub fn correlation(scored: &[Scored], a: Signal, b: Signal) -> Option<f64> {
    let pairs: Vec<(f64, f64)> = scored.iter().filter_map(|s| Some((s.score(a)?, s.score(b)?))).collect();
    let (xs, ys): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
    spearman(&xs, &ys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Record;

    fn scored(problem: usize, sample: usize, signal: Signal, score: Option<f64>) -> Scored {
        Scored {
            problem,
            sample,
            prediction: Record::default(),
            statement: String::new(),
            scores: BTreeMap::from([(signal, score)]),
            reason: None,
            messages: String::new(),
            equivalence: None,
            class: None,
        }
    }

    fn sample(scored: &[Scored], problems: usize, answered_only: bool) -> Sample<'_> {
        Sample { problems: (0..problems).collect(), scored, seed: 1, answered_only }
    }

    #[test]
    fn a_problem_without_an_answer_counts_as_failed_and_an_undecided_one_as_nothing() {
        let all = [
            scored(0, 0, Signal::TypeCheck, Some(1.0)),
            scored(1, 0, Signal::TypeCheck, None),
            scored(2, 0, Signal::TypeCheck, Some(1.0)),
        ];
        let found = sample(&all, 4, false).estimate(Signal::TypeCheck).expect("an estimate");
        assert_eq!((found.problems, found.undecided), (3, 1));
        assert!((found.mean - 2.0 / 3.0).abs() < 1e-12);
        let (low, high) = wilson_interval(2, 3);
        assert_eq!((found.low, found.high), (low, high));
        assert_eq!(sample(&all, 4, true).estimate(Signal::TypeCheck).expect("an estimate").mean, 1.0);
    }

    #[test]
    fn samples_of_a_problem_are_averaged_before_problems_are() {
        let mut all: Vec<Scored> = (0..9).map(|i| scored(0, i, Signal::Bleu, Some(0.0))).collect();
        all.push(scored(1, 0, Signal::Bleu, Some(1.0)));
        let found = sample(&all, 2, false).estimate(Signal::Bleu).expect("an estimate");
        assert_eq!((found.mean, found.problems), (0.5, 2));
    }

    #[test]
    fn pass_at_k_needs_k_samples() {
        let all: Vec<Scored> =
            (0..4).map(|i| scored(0, i, Signal::TypeCheck, Some(f64::from(u8::from(i == 0))))).collect();
        let sample = sample(&all, 1, true);
        assert!((sample.pass_at(Signal::TypeCheck, 2).expect("enough samples").mean - 0.5).abs() < 1e-12);
        assert!(sample.pass_at(Signal::TypeCheck, 5).is_none());
    }
}
