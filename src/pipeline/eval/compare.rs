//! Two runs over the same problems: paired differences. Owns what is paired with what; tests and intervals are
//! `metrics/`'s.

use super::Evaluation;
use super::signal::Signal;
use crate::metrics::{RESAMPLES, bootstrap_difference, mcnemar};
use std::collections::BTreeMap;

/// How a signal differs between two runs, over the problems on which both have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    pub signal: Signal,
    pub problems: usize,
    /// Means of the two runs over these problems.
    pub ours: f64,
    pub theirs: f64,
    /// Ours minus theirs, with its 95 % interval (bootstrap over problems).
    pub difference: f64,
    pub low: f64,
    pub high: f64,
    /// For rates, by the first prediction of each problem: problems only we have right, problems only they have right, and
    /// the p value of McNemar's test.
    pub discordant: Option<(u64, u64, f64)>,
}

/// Compares two evaluations of the same problems signal by signal.
pub fn compare(ours: &Evaluation, theirs: &Evaluation) -> Vec<Comparison> {
    let signals = ours.overall.keys().filter(|s| theirs.overall.contains_key(s));
    signals.filter_map(|signal| paired(*signal, ours, theirs)).collect()
}

fn paired(signal: Signal, ours: &Evaluation, theirs: &Evaluation) -> Option<Comparison> {
    let (a, b) = (means(ours, signal), means(theirs, signal));
    let pairs: Vec<(f64, f64)> = a.iter().filter_map(|(problem, mean)| Some((*mean, *b.get(problem)?))).collect();
    if pairs.is_empty() {
        return None;
    }
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / pairs.len() as f64;
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (low, high) = bootstrap_difference(&x, &y, RESAMPLES, ours.figures.seed)?;
    let discordant = signal.is_rate().then(|| {
        let (a, b) = (firsts(ours, signal), firsts(theirs, signal));
        let both = || a.iter().filter_map(|(problem, right)| Some((*right, *b.get(problem)?)));
        let only_ours = both().filter(|(a, b)| *a && !*b).count() as u64;
        let only_theirs = both().filter(|(a, b)| !*a && *b).count() as u64;
        (only_ours, only_theirs, mcnemar(only_ours, only_theirs).p_value)
    });
    let (ours, theirs) = (mean(&|p| p.0), mean(&|p| p.1));
    Some(Comparison { signal, problems: pairs.len(), ours, theirs, difference: ours - theirs, low, high, discordant })
}

/// Mean over predictions by problem. A problem without a prediction counts as failed unless it is left out.
fn means(evaluation: &Evaluation, signal: Signal) -> BTreeMap<usize, f64> {
    let mut values: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    let mut answered = vec![false; evaluation.problems.len()];
    for scored in &evaluation.scored {
        answered[scored.problem] = true;
        if let Some(score) = scored.score(signal) {
            values.entry(scored.problem).or_default().push(score);
        }
    }
    let mut means: BTreeMap<usize, f64> =
        values.into_iter().map(|(problem, v)| (problem, v.iter().sum::<f64>() / v.len() as f64)).collect();
    if !evaluation.figures.answered_only && signal != Signal::Loss {
        for (problem, _) in answered.iter().enumerate().filter(|(_, answered)| !**answered) {
            means.insert(problem, 0.0);
        }
    }
    means
}

fn firsts(evaluation: &Evaluation, signal: Signal) -> BTreeMap<usize, bool> {
    let mut firsts = BTreeMap::new();
    for scored in evaluation.scored.iter().filter(|s| s.sample == 0) {
        if let Some(score) = scored.score(signal) {
            firsts.insert(scored.problem, score == 1.0);
        }
    }
    firsts
}
