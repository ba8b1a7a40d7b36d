//! Cross entropy and the gradient of the head alone, some panels at a time: neither the scores of a vocabulary nor the gradient of
//! its matrix ever lie in memory as a whole. Owns the two passes over the head; what is done with a gradient is the caller's
//! business, at once and panel by panel.

use super::elementwise::exp;
use super::gradients::transposed;
use super::lanes::{InLanes, InRegisters};
use super::matrix::{HEIGHT, Line, Matrix};
use super::products::{Operand, Order};
use super::tile::{Results, Vectors};
use pulp::{Arch, Simd};
use rayon::prelude::*;

/// Panels of a task: what it works on lies in a core's cache.
const PANELS: usize = 16;

/// Scores of the first pass that the second finds in memory (64 MB). The others are computed twice.
const KEPT: usize = 1 << 24;

/// Some panels of a head with their gradient and what an optimizer keeps of them, number by number.
pub struct Panels<'a> {
    pub numbers: &'a mut [f32],
    pub gradient: &'a [f32],
    pub first: &'a mut [f32],
    pub second: &'a mut [f32],
}

/// Cross entropy in nats of `targets`, one for each of `states: [targets, columns]`, under scores `states w^T + bias`. Hands the
/// gradient of their mean to `apply`, every panel of `w` once, which may then change its numbers.
///
/// # Panics
/// If there is not one target for every state, a target is not a row of `w`, `moments` do not have a number each for every number
/// of `w` ([`Matrix::flat_mut`]), or the matrix is quantised.
pub fn by_panels(
    states: &[f32],
    w: &mut Matrix,
    bias: &[f32],
    targets: &[u32],
    moments: [&mut [f32]; 2],
    apply: &(impl Fn(Panels<'_>) + Sync),
) -> Vec<f32> {
    let (rows, columns) = w.shape();
    let count = targets.len();
    assert_eq!(states.len(), count * columns, "one target for every state");
    assert!(targets.iter().all(|target| (*target as usize) < rows), "a target is in the vocabulary");
    let [first, second] = moments;
    assert!(first.len() == w.flat_mut().len() && second.len() == first.len(), "moments of every number");
    if count == 0 {
        return vec![];
    }
    let turned = transposed(states, columns);
    let along = Vectors { data: states, count, stride: columns, first: 0 };
    let across = Vectors { data: &turned, count: columns, stride: count, first: 0 };
    let along = &Operand::new(along, columns, PANELS, Order::Free);
    let across = &Operand::new(across, count, PANELS, Order::Free);
    let each = PANELS * columns;
    let about = |at: usize| About { bias, targets, row: at * PANELS * HEIGHT, rows };
    let (scored, mut kept): (Vec<Vec<Running>>, Vec<Vec<Line>>) = w
        .lines()
        .par_chunks(each)
        .enumerate()
        .map(|(at, panels)| {
            let (mut scores, mut running) = (vec![], vec![Running::default(); count]);
            let (about, running_of) = (about(at), &mut running);
            Arch::new().dispatch(InLanes(Score { panels, along, about, scores: &mut scores, running: running_of }));
            if at * PANELS * HEIGHT * count > KEPT {
                scores = vec![];
            }
            (running, scores)
        })
        .unzip();
    let (sums, losses): (Vec<f32>, Vec<f32>) = (0..count).map(|state| total(&scored, state)).unzip();
    let work = w.flat_mut().par_chunks_mut(each * HEIGHT).zip(&mut kept).enumerate();
    let work = work.zip(first.par_chunks_mut(each * HEIGHT).zip(second.par_chunks_mut(each * HEIGHT)));
    work.for_each(|((at, (numbers, scores)), (first, second))| {
        let mut scores = std::mem::take(scores);
        let about = about(at);
        if scores.is_empty() {
            let (panels, running) = (numbers.as_chunks().0, &mut []);
            Arch::new().dispatch(InLanes(Score { panels, along, about, scores: &mut scores, running }));
        }
        let mut gradient = vec![[0.0; HEIGHT]; numbers.len() / HEIGHT];
        let (scores, sums, out) = (&mut scores, &sums, &mut gradient);
        Arch::new().dispatch(InLanes(Gradient { scores, sums, across, about, out }));
        apply(Panels { numbers, gradient: gradient.as_flattened(), first, second });
    });
    losses
}

/// What tasks know of where they are.
#[derive(Clone, Copy)]
struct About<'a> {
    bias: &'a [f32],
    targets: &'a [u32],
    /// The task's first row of the head.
    row: usize,
    /// Of the head.
    rows: usize,
}

/// What is known of a state's scores.
#[derive(Clone, Copy)]
struct Running {
    most: f32,
    /// Of exponentials relative to the highest.
    sum: f32,
    /// The target's score, where it is.
    target: Option<f32>,
}

impl Default for Running {
    fn default() -> Self {
        Running { most: f32::NEG_INFINITY, sum: 0.0, target: None }
    }
}

/// The logarithm of the sum of all exponentials of a state, and its loss.
fn total(parts: &[Vec<Running>], state: usize) -> (f32, f32) {
    let most = parts.iter().map(|part| part[state].most).fold(f32::NEG_INFINITY, f32::max);
    let share = |part: &Vec<Running>| f64::from(part[state].sum) * f64::from(part[state].most - most).exp();
    let sum = f64::from(most) + parts.iter().map(share).sum::<f64>().ln();
    let target = parts.iter().find_map(|part| part[state].target).map_or(f64::NAN, f64::from);
    (sum as f32, (sum - target) as f32)
}

/// Scores of all states with some panels: of each panel a line for every state. And what they add up to, where it is asked for.
struct Score<'a> {
    panels: &'a [Line],
    along: &'a Operand<'a>,
    about: About<'a>,
    scores: &'a mut Vec<Line>,
    /// Of every state, or empty.
    running: &'a mut [Running],
}

impl InRegisters for Score<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(self, simd: S) {
        let Score { panels, along, about: About { bias, targets, row, rows }, scores, running } = self;
        let count = targets.len();
        let columns = along.length();
        scores.resize(panels.len() / columns * count, [0.0; HEIGHT]);
        along.many::<S, R, false>(simd, panels, &mut ByState { lines: scores, count });
        for (p, lines) in scores.chunks_exact_mut(count).enumerate() {
            let row = row + p * HEIGHT;
            if let Some(bias) = bias.get(row..) {
                for line in &mut *lines {
                    line.iter_mut().zip(bias).for_each(|(x, bias)| *x += bias);
                }
            }
            // What fills the last panel is no word.
            for line in &mut *lines {
                line.iter_mut().skip(rows - row).for_each(|x| *x = f32::NEG_INFINITY);
            }
        }
        for (state, running) in running.iter_mut().enumerate() {
            let lines = || scores[state..].iter().step_by(count);
            let mut most = [f32::NEG_INFINITY; HEIGHT];
            for line in lines() {
                for i in 0..HEIGHT {
                    most[i] = if line[i] > most[i] { line[i] } else { most[i] };
                }
            }
            running.most = most.into_iter().fold(f32::NEG_INFINITY, f32::max);
            let mut sums = [0.0; HEIGHT];
            for line in lines() {
                for i in 0..HEIGHT {
                    sums[i] += exp(line[i] - running.most);
                }
            }
            running.sum = sums.iter().sum();
            let at = (targets[state] as usize).checked_sub(row);
            let line = at.and_then(|at| scores.get(at / HEIGHT * count + state).map(|line| line[at % HEIGHT]));
            running.target = line;
        }
    }
}

/// From scores of some panels to their gradient.
struct Gradient<'a> {
    scores: &'a mut [Line],
    /// Logarithms of the sums of exponentials.
    sums: &'a [f32],
    across: &'a Operand<'a>,
    about: About<'a>,
    out: &'a mut [Line],
}

impl InRegisters for Gradient<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(self, simd: S) {
        let Gradient { scores, sums, across, about: About { targets, row, .. }, out } = self;
        let count = targets.len();
        let weight = 1.0 / count as f32;
        for lines in scores.chunks_exact_mut(count) {
            for (line, sum) in lines.iter_mut().zip(sums) {
                for x in line {
                    *x = exp(*x - sum) * weight;
                }
            }
        }
        for (state, target) in targets.iter().enumerate() {
            let at = (*target as usize).checked_sub(row);
            if let Some(line) = at.and_then(|at| scores.get_mut(at / HEIGHT * count + state)) {
                line[*target as usize % HEIGHT] -= weight;
            }
        }
        across.many::<S, R, false>(simd, scores, &mut ByState { lines: out, count: across.vectors.count });
    }
}

/// Results in panels: of each a line for every vector.
struct ByState<'a> {
    lines: &'a mut [Line],
    count: usize,
}

impl Results for ByState<'_> {
    #[inline(always)]
    fn at(&mut self, vector: usize, panel: usize) -> &mut [f32] {
        &mut self.lines[panel * self.count + vector]
    }
}

#[cfg(test)]
mod tests {
    use super::super::cross_entropy::{Targets, Wanted, with_gradient};
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn losses_and_gradients_are_those_of_the_whole() {
        let number = |i: usize| ((i * 7919 + 13) % 101) as f32 / 50.0 - 1.0;
        for (count, rows, columns) in [(1, 7, 3), (5, 300, 20), (40, 1000, 64)] {
            let states: Vec<f32> = (0..count * columns).map(number).collect();
            let values: Vec<f32> = (0..rows * columns).map(|i| number(i + i / 7)).collect();
            let mut w = Matrix::dense(&values, rows, columns);
            let bias: Vec<f32> = (0..rows).map(|i| number(3 * i)).collect();
            let targets: Vec<u32> = (0..count).map(|v| (v * 331 % rows) as u32).collect();
            for bias in [&[][..], &bias] {
                let weights = vec![1.0 / count as f32; count];
                let (mut dstates, mut dw) = (vec![0.0; states.len()], Matrix::zeros(rows, columns));
                let wanted = Wanted { targets: Targets::Given(&targets), weights: &weights };
                let losses = with_gradient(&states, &w, bias, wanted, &mut dstates, Some(&mut dw), None);
                let size = w.flat_mut().len();
                let (mut first, mut second) = (vec![0.0; size], vec![0.0; size]);
                let told = AtomicUsize::new(0);
                let found = by_panels(&states, &mut w, bias, &targets, [&mut first, &mut second], &|panels| {
                    told.fetch_add(panels.numbers.len(), Ordering::Relaxed);
                    panels.first.copy_from_slice(panels.gradient);
                });
                assert_eq!(told.into_inner(), size);
                assert!(found.iter().zip(&losses).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?} for {losses:?}");
                let near = first.iter().zip(dw.flat_mut().iter()).all(|(a, b)| (a - b).abs() < 1e-6);
                assert!(near, "{count}, {rows}x{columns}");
                assert_eq!(w.values(), values);
            }
        }
    }
}
