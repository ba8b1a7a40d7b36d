//! How well signals agree with people: each signal as a judge of labelled pairs. Owns which signals need a threshold and
//! what is reported; statistics are `metrics/`'s.

use super::Estimate;
use super::signal::Signal;
use crate::metrics::{Confusion, RESAMPLES, bootstrap_mean, cross_validated, point_biserial, spearman};

/// One signal against the labels.
#[derive(Clone, Debug)]
pub struct Agreement {
    pub signal: Signal,
    /// Pairs the signal says something of.
    pub items: usize,
    /// Pairs it says nothing of.
    pub undecided: usize,
    /// What it says of them, each pair judged with a threshold that the pair had no part in choosing.
    pub confusion: Confusion,
    /// Share judged as people do.
    pub accuracy: Estimate,
    /// The thresholds of the folds, lowest and highest; `None` for signals that say yes or no.
    pub thresholds: Option<(f64, f64)>,
    /// Correlations of the raw signal with the label.
    pub spearman: Option<f64>,
    pub point_biserial: Option<f64>,
}

/// Judges a signal by labels. `scores` are `None` where the signal says nothing. `None` if it says nothing at all, or if
/// there are too few labels of a kind to choose a threshold.
pub fn agreement(
    signal: Signal,
    scores: &[Option<f64>],
    labels: &[bool],
    folds: usize,
    seed: u64,
) -> Option<Agreement> {
    let decided: Vec<(f64, bool)> = scores.iter().zip(labels).filter_map(|(s, l)| Some(((*s)?, *l))).collect();
    if decided.is_empty() {
        return None;
    }
    // A loss is low where a pair is good.
    let sign = if signal == Signal::Loss { -1.0 } else { 1.0 };
    let (values, truth): (Vec<f64>, Vec<bool>) = decided.iter().map(|(s, l)| (sign * s, *l)).unzip();
    let (said, thresholds): (Vec<bool>, _) = if signal.is_rate() {
        (values.iter().map(|v| *v == 1.0).collect(), None)
    } else {
        let found = cross_validated(&values, &truth, folds, seed)?;
        let ends = found
            .thresholds
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), t| (low.min(*t), high.max(*t)));
        (found.decisions, Some((sign * ends.0, sign * ends.1)))
    };
    let confusion = Confusion::of(said.iter().copied().zip(truth.iter().copied()));
    let right: Vec<f64> = said.iter().zip(&truth).map(|(s, t)| f64::from(u8::from(s == t))).collect();
    let (low, high) = bootstrap_mean(&right, RESAMPLES, seed).unwrap_or((0.0, 1.0));
    let mean = right.iter().sum::<f64>() / right.len() as f64;
    let undecided = scores.len() - decided.len();
    let as_number: Vec<f64> = truth.iter().map(|t| f64::from(u8::from(*t))).collect();
    Some(Agreement {
        signal,
        items: decided.len(),
        undecided,
        confusion,
        accuracy: Estimate { mean, low, high, problems: right.len(), undecided },
        thresholds,
        spearman: spearman(&values, &as_number),
        point_biserial: point_biserial(&truth, &values),
    })
}
