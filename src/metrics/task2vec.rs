//! Coefficients on task embeddings (Task2Vec): how far two batches of texts are from each other, how diverse a data set is and how
//! aligned two are, with intervals. Owns these formulas; where embeddings come from is `ml`'s and `pipeline`'s business.
//!
//! Sources: Achille et al. 2019 (arXiv 1902.03545) for the distance, Lee, Miranda et al. 2023 (arXiv 2306.13840) for the
//! coefficients. Pairs of batches are not independent of each other, since each batch is in many pairs: intervals here resample
//! *batches*; the interval of the paper, which takes pairs for independent, is [`Coefficient::independent`].

use super::Random;
use super::normal::normal_quantile;
use serde::Serialize;

/// Batches of a set that an interval needs: with fewer, hardly two resamples differ.
const FEWEST: usize = 5;

/// Keeps quotients of two vanishing numbers finite; of the public code.
const SMALL: f64 = 1e-8;

/// The distance of two task embeddings of equal length, from 0 to 1: `1 - cos(a, b)` of `a = x / (x + y + 1e-8)` and
/// `b = y / (x + y + 1e-8)`, coordinate by coordinate. Two embeddings of zeros are at distance 0, one of them at 1 from any other.
///
/// # Panics
/// If the lengths differ.
pub fn task_distance(x: &[f32], y: &[f32]) -> f64 {
    assert_eq!(x.len(), y.len(), "embeddings of one probe network are as long as each other");
    let (mut both, mut first, mut second) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (f64::from(*x), f64::from(*y));
        let sum = x + y + SMALL;
        let (a, b) = (x / sum, y / sum);
        both += a * b;
        first += a * a;
        second += b * b;
    }
    match (first > 0.0, second > 0.0) {
        (true, true) => (1.0 - both / (first * second).sqrt()).clamp(0.0, 1.0),
        (false, false) => 0.0,
        _ => 1.0,
    }
}

/// Distances between the batches of two data sets, or within one.
#[derive(Clone, Debug, PartialEq)]
pub struct Distances {
    rows: usize,
    columns: usize,
    /// `[rows, columns]`.
    values: Vec<f64>,
    /// Rows and columns are the same batches: only pairs of different ones count, each once.
    is_within: bool,
}

/// A coefficient with its 95 % intervals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Coefficient {
    pub value: f64,
    /// By resampling batches; `None` with fewer than five batches of a set.
    pub interval: Option<(f64, f64)>,
    /// As the paper has it: pairs taken for independent and normal, which they are not.
    pub independent: Option<(f64, f64)>,
}

impl Coefficient {
    /// `1 - self`: alignment from cross diversity.
    pub fn complement(self) -> Coefficient {
        let turned = |interval: Option<(f64, f64)>| interval.map(|(low, high)| (1.0 - high, 1.0 - low));
        Coefficient { value: 1.0 - self.value, interval: turned(self.interval), independent: turned(self.independent) }
    }
}

impl Distances {
    /// Between the batches of one data set.
    pub fn within<E: AsRef<[f32]>>(batches: &[E]) -> Distances {
        let count = batches.len();
        let mut values = vec![0.0; count * count];
        for i in 0..count {
            for j in 0..i {
                let distance = task_distance(batches[i].as_ref(), batches[j].as_ref());
                (values[i * count + j], values[j * count + i]) = (distance, distance);
            }
        }
        Distances { rows: count, columns: count, values, is_within: true }
    }

    /// Between the batches of one data set and those of another.
    pub fn between<E: AsRef<[f32]>>(source: &[E], target: &[E]) -> Distances {
        let of = |x: &E| target.iter().map(|y| task_distance(x.as_ref(), y.as_ref())).collect::<Vec<_>>();
        let values = source.iter().flat_map(of).collect();
        Distances { rows: source.len(), columns: target.len(), values, is_within: false }
    }

    /// The distances of all pairs that count.
    pub fn pairs(&self) -> impl Iterator<Item = f64> {
        let counts = |at: usize| !self.is_within || at / self.columns > at % self.columns;
        self.values.iter().enumerate().filter(move |(at, _)| counts(*at)).map(|(_, value)| *value)
    }

    /// Their mean: diversity within a data set, cross diversity between two. `None` if there is no pair.
    ///
    /// The interval is the studentised bootstrap over batches (Efron and Tibshirani 1993, chapter 12) with the jackknife's
    /// standard error; pairs of a batch with itself, which resampling makes, do not count. O(`resamples` rows columns).
    pub fn coefficient(&self, resamples: usize, seed: u64) -> Option<Coefficient> {
        let pairs: Vec<f64> = self.pairs().collect();
        let count = pairs.len() as f64;
        if pairs.is_empty() {
            return None;
        }
        let value = pairs.iter().sum::<f64>() / count;
        let variance = pairs.iter().map(|d| (d - value).powi(2)).sum::<f64>() / (count - 1.0);
        let half = normal_quantile(0.975) * (variance / count).sqrt();
        let independent = (pairs.len() > 1).then_some((value - half, value + half));
        Some(Coefficient { value, interval: self.interval(resamples, seed), independent })
    }

    fn interval(&self, resamples: usize, seed: u64) -> Option<(f64, f64)> {
        if self.rows.min(self.columns) < FEWEST || resamples == 0 {
            return None;
        }
        let all = |count: usize| (0..count).collect::<Vec<_>>();
        let (value, error) = self.estimate(&all(self.rows), &all(self.columns))?;
        let mut random = Random::new(seed);
        let mut draw = |count: usize| (0..count).map(|_| random.below(count as u64) as usize).collect::<Vec<_>>();
        let mut found = Vec::with_capacity(resamples);
        for _ in 0..resamples {
            let rows = draw(self.rows);
            let columns = if self.is_within { rows.clone() } else { draw(self.columns) };
            // A resample of one batch alone says nothing of an error.
            if let Some((mean, error)) = self.estimate(&rows, &columns).filter(|(_, error)| *error > 0.0) {
                found.push((mean - value) / error);
            }
        }
        if found.is_empty() {
            return Some((value, value));
        }
        found.sort_unstable_by(f64::total_cmp);
        let quantile = |share: f64| found[((found.len() - 1) as f64 * share).round() as usize];
        Some((value - quantile(0.975) * error, value - quantile(0.025) * error))
    }

    /// The mean over pairs of these batches and the jackknife's error of it.
    fn estimate(&self, rows: &[usize], columns: &[usize]) -> Option<(f64, f64)> {
        let (mut of_rows, mut of_columns) = (vec![(0.0, 0u32); rows.len()], vec![(0.0, 0u32); columns.len()]);
        let mut all = (0.0, 0u32);
        let add = |sum: &mut (f64, u32), value: f64| *sum = (sum.0 + value, sum.1 + 1);
        for (i, row) in rows.iter().enumerate() {
            // Within a data set rows and columns are the same list: each pair once.
            let until = if self.is_within { i } else { columns.len() };
            for (j, column) in columns[..until].iter().enumerate() {
                if self.is_within && row == column {
                    continue;
                }
                let value = self.values[row * self.columns + column];
                add(&mut all, value);
                add(&mut of_rows[i], value);
                add(if self.is_within { &mut of_rows[j] } else { &mut of_columns[j] }, value);
            }
        }
        let mean = |(sum, count): (f64, u32)| (count > 0).then(|| sum / f64::from(count));
        let value = mean(all)?;
        let variance = |parts: &[(f64, u32)]| {
            let without = parts.iter().map(|(sum, count)| mean((all.0 - sum, all.1 - count)));
            let without: Vec<f64> = without.collect::<Option<_>>()?;
            let count = without.len() as f64;
            let centre = without.iter().sum::<f64>() / count;
            Some(without.iter().map(|x| (x - centre).powi(2)).sum::<f64>() * (count - 1.0) / count)
        };
        let own = variance(&of_rows)?;
        let other = if self.is_within { 0.0 } else { variance(&of_columns)? };
        Some((value, (own + other).sqrt()))
    }
}

#[cfg(test)]
#[path = "task2vec_tests.rs"]
mod tests;
