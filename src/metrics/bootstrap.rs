//! Intervals of means over problems by resampling. Owns the bootstrap; rates have `wilson_interval`.

use super::Random;
use super::normal::{normal_cdf, normal_quantile, student_quantile};
use super::wilson_interval;

/// Resamples that people usually take.
pub const RESAMPLES: usize = 2000;

/// How an interval is read off the resampled means (Efron and Tibshirani 1993, chapters 13 and 14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bootstrap {
    /// The quantiles themselves. Too narrow for few problems.
    Percentile,
    /// Bias-corrected and accelerated: corrects skewness, which costs coverage where values are symmetric and few.
    Bca,
    /// [`Bootstrap::Percentile`] with levels widened as Student's interval is wider than the normal one (Hesterberg 2015,
    /// "What Teachers Should Know About the Bootstrap"). The default: it holds its level from about 30 problems on.
    Expanded,
}

/// Interval of the mean of one value per problem, at 95 %. Equal values give a point; for counts of successes take
/// `wilson_interval` instead. `None` with fewer than two problems or if a value is not finite.
///
/// Deterministic in `seed`. O(`resamples` n) for n problems.
pub fn bootstrap_mean(values: &[f64], resamples: usize, seed: u64) -> Option<(f64, f64)> {
    Bootstrap::Expanded.interval(values, resamples, seed)
}

/// Interval of the mean of `first - second` over problems, at 95 %, with the two runs of a problem kept together. `None` if
/// the lengths differ, and as for [`bootstrap_mean`].
pub fn bootstrap_difference(first: &[f64], second: &[f64], resamples: usize, seed: u64) -> Option<(f64, f64)> {
    if first.len() != second.len() {
        return None;
    }
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    bootstrap_mean(&differences, resamples, seed)
}

/// Interval of the mean of one share per problem, at 95 %: Wilson's where each is 0 or 1, for resampling 0 of 40 gives a point,
/// otherwise that of [`bootstrap_mean`].
pub fn share_interval(shares: &[f64], resamples: usize, seed: u64) -> Option<(f64, f64)> {
    match shares.iter().all(|share| *share == 0.0 || *share == 1.0) && shares.len() > 1 {
        true => Some(wilson_interval(shares.iter().sum::<f64>() as u64, shares.len() as u64)),
        false => bootstrap_mean(shares, resamples, seed),
    }
}

/// As [`bootstrap_difference`], but `None` where the difference is the same for all problems: resampling says nothing of others
/// then, and a point would look like certainty.
pub fn gain_interval(first: &[f64], second: &[f64], resamples: usize, seed: u64) -> Option<(f64, f64)> {
    bootstrap_difference(first, second, resamples, seed).filter(|(low, high)| low < high)
}

impl Bootstrap {
    /// As [`bootstrap_mean`], by this method.
    pub fn interval(self, values: &[f64], resamples: usize, seed: u64) -> Option<(f64, f64)> {
        if values.len() < 2 || resamples == 0 || values.iter().any(|v| !v.is_finite()) {
            return None;
        }
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let mut random = Random::new(seed);
        let mut resample =
            || values.iter().map(|_| values[random.below(values.len() as u64) as usize]).sum::<f64>() / n;
        let mut means: Vec<f64> = (0..resamples).map(|_| resample()).collect();
        means.sort_unstable_by(f64::total_cmp);
        let z = match self {
            Bootstrap::Expanded => (n / (n - 1.0)).sqrt() * student_quantile(0.975, n - 1.0),
            _ => normal_quantile(0.975),
        };
        let (bias, acceleration) = match self {
            Bootstrap::Bca => (bias(&means, mean), acceleration(values, mean)),
            _ => (0.0, 0.0),
        };
        let level = |z: f64| normal_cdf(bias + (bias + z) / (1.0 - acceleration * (bias + z)));
        Some((quantile(&means, level(-z)), quantile(&means, level(z))))
    }
}

/// z0: how far the resampled means lie to one side of the mean. Halves for ties; kept finite.
fn bias(sorted: &[f64], mean: f64) -> f64 {
    let below = sorted.partition_point(|m| *m < mean) + sorted.partition_point(|m| *m <= mean);
    let share = below as f64 / (2 * sorted.len()) as f64;
    let edge = 0.5 / sorted.len() as f64;
    normal_quantile(share.clamp(edge, 1.0 - edge))
}

/// a: a sixth of the skewness of the mean's jackknife values.
fn acceleration(values: &[f64], mean: f64) -> f64 {
    let sum = |power: i32| values.iter().map(|v| (v - mean).powi(power)).sum::<f64>();
    let squares = sum(2);
    if squares > 0.0 { sum(3) / (6.0 * squares.powf(1.5)) } else { 0.0 }
}

/// Linear interpolation between order statistics (R's type 7).
pub(super) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let at = p.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    low + (high - low) * at.fract()
}

#[cfg(test)]
#[path = "bootstrap_tests.rs"]
mod tests;
