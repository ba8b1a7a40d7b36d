//! The logarithm of a sum of exponentials over a vocabulary, for many states, without its scores ever lying in memory
//! together. Owns the running sums.

use super::elementwise::{exp, highest, sum};
use super::matrix::Matrix;
use super::products::times_rows;
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

/// Rows of a task: its highest scores and sums are kept apart.
const PART: usize = 1 << 13;

/// Rows and states whose scores lie in memory at a time, in a core's cache.
const ROWS: usize = 256;
const STATES: usize = 48;

/// Cross entropy in nats of `targets`, one for each of `states: [targets, columns]`, under scores `states w^T + bias`. No
/// bias if it is empty. What one is depends on nothing else.
///
/// # Panics
/// If there is not one target for every state, or a target is not a row of `w`.
pub fn cross_entropies(states: &[f32], w: &Matrix, bias: &[f32], targets: &[u32]) -> Vec<f32> {
    let (rows, columns) = w.shape();
    assert_eq!(states.len(), targets.len() * columns, "one target for every state");
    assert!(targets.iter().all(|target| (*target as usize) < rows), "a target is in the vocabulary");
    let part = |first: usize| {
        let mut running = vec![Running::default(); targets.len()];
        let mut scores = vec![0.0; STATES * ROWS];
        for row in (first..rows.min(first + PART)).step_by(ROWS) {
            let count = ROWS.min(rows - row);
            let blocks = states.chunks(STATES * columns).zip(targets.chunks(STATES));
            for ((states, targets), running) in blocks.zip(running.chunks_mut(STATES)) {
                let scores = &mut scores[..targets.len() * count];
                times_rows(states, w, row, scores.chunks_exact_mut(count).collect());
                Arch::new().dispatch(Adding { scores, row, count, bias, targets, running });
            }
        }
        running
    };
    let starts: Vec<usize> = (0..rows).step_by(PART).collect();
    let parts: Vec<Vec<Running>> = starts.into_par_iter().map(part).collect();
    let of = |state: usize| {
        let most = parts.iter().map(|part| part[state].most).fold(f32::NEG_INFINITY, f32::max);
        let share = |part: &Vec<Running>| part[state].sum * f64::from(part[state].most - most).exp();
        let sum: f64 = parts.iter().map(share).sum();
        let target = parts.iter().find_map(|part| part[state].target).map_or(f64::NAN, f64::from);
        (f64::from(most) + sum.ln() - target) as f32
    };
    (0..targets.len()).map(of).collect()
}

/// What is known of a state's scores so far.
#[derive(Clone, Copy, Debug)]
struct Running {
    most: f32,
    /// Of exponentials relative to the highest.
    sum: f64,
    /// The target's score, once it was there.
    target: Option<f32>,
}

impl Default for Running {
    fn default() -> Self {
        Running { most: f32::NEG_INFINITY, sum: 0.0, target: None }
    }
}

/// Takes in scores of rows `row..row + count`.
struct Adding<'a> {
    scores: &'a mut [f32],
    row: usize,
    count: usize,
    bias: &'a [f32],
    targets: &'a [u32],
    running: &'a mut [Running],
}

impl NullaryFnOnce for Adding<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let each = self.scores.chunks_exact_mut(self.count).zip(self.targets).zip(self.running);
        for ((scores, target), running) in each {
            if !self.bias.is_empty() {
                scores.iter_mut().zip(&self.bias[self.row..]).for_each(|(x, bias)| *x += bias);
            }
            if let Some(score) = (*target as usize).checked_sub(self.row).and_then(|at| scores.get(at)) {
                running.target = Some(*score);
            }
            let most = running.most.max(highest(scores));
            for x in &mut *scores {
                *x = exp(*x - most);
            }
            running.sum = running.sum * f64::from(running.most - most).exp() + f64::from(sum(scores));
            running.most = most;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::elementwise::log_sum_exp;
    use super::*;

    #[test]
    fn cross_entropies_are_those_of_the_scores() {
        let number = |i: usize| ((i * 7919 + 13) % 101) as f32 / 10.0 - 5.0;
        for (vectors, rows, columns) in [(1, 7, 3), (61, 300, 20), (50, 20_011, 8)] {
            let states: Vec<f32> = (0..vectors * columns).map(number).collect();
            let w: Vec<f32> = (0..rows * columns).map(|i| number(i + i / 7)).collect();
            let bias: Vec<f32> = (0..rows).map(|i| number(3 * i)).collect();
            let targets: Vec<u32> = (0..vectors).map(|v| (v * 331 % rows) as u32).collect();
            let matrix = Matrix::dense(&w, rows, columns);
            for bias in [&[][..], &bias] {
                let found = cross_entropies(&states, &matrix, bias, &targets);
                for (v, found) in found.into_iter().enumerate() {
                    let dot =
                        |row: usize| (0..columns).map(|c| states[v * columns + c] * w[row * columns + c]).sum::<f32>();
                    let scores: Vec<f32> = (0..rows).map(|r| dot(r) + bias.get(r).unwrap_or(&0.0)).collect();
                    let wanted = log_sum_exp(&scores) - f64::from(scores[targets[v] as usize]);
                    assert!((f64::from(found) - wanted).abs() < 1e-4, "{v} of {vectors}x{rows}: {found} for {wanted}");
                }
            }
        }
    }
}
