//! Cross entropy and the gradient of its states in one pass over the head: scores of a few words lie in a core's cache, become
//! exponentials relative to the highest so far, and at once add up to the mean of the head's rows that the gradient is made of. As
//! in FlashAttention (Dao et al. 2022, arXiv 2205.14135), whose keys and values are the head's rows here. Owns the running sums and
//! how they are put together; where the head itself has a gradient, `cross_entropy` needs all scores.

use super::cross_entropy::{Targets, Wanted};
use super::elementwise::{exp, highest, sum};
use super::gradients::turn;
use super::lanes::{InLanes, InRegisters};
use super::matrix::{HEIGHT, Line, Matrix};
use super::products::{Operand, Order, Parts, times_rows};
use super::tile::Vectors;
use pulp::{Arch, Simd};
use rayon::prelude::*;

/// Rows of the head whose scores lie in memory at a time, of all states.
const ROWS: usize = 512;

/// Parts of the head whose sums are kept apart: tasks, whatever the number of threads.
const PARTS: usize = 16;

/// States that go over the head together.
const STATES: usize = 512;

/// As [`super::cross_entropy::with_gradient`], without gradients of the head.
pub fn of_states(states: &[f32], w: &Matrix, bias: &[f32], wanted: Wanted<'_>, dstates: &mut [f32]) -> Vec<f32> {
    let Wanted { targets, weights } = wanted;
    let (columns, is_drawn) = (w.shape().1, matches!(targets, Targets::Drawn(_)));
    let chunks = states.chunks(STATES * columns).zip(dstates.chunks_mut(STATES * columns)).zip(weights.chunks(STATES));
    let mut losses = Vec::with_capacity(weights.len());
    for (at, ((states, dstates), weights)) in chunks.enumerate() {
        let wanted = Wanted { targets: targets.part(at * STATES, weights.len()), weights };
        let over = Over { states, w, bias };
        let parts = over.parts(weights.len(), wanted.targets, is_drawn);
        losses.extend(over.finish(&parts, wanted, dstates));
    }
    losses
}

/// The gradients of states for several draws of the words behind them, each with a number for every state ([`Targets::Drawn`]): what
/// all draws have in common is computed once. Of every draw `[states, columns]`.
pub fn of_draws(states: &[f32], w: &Matrix, bias: &[f32], draws: &[Vec<f64>], weights: &[f32]) -> Vec<Vec<f32>> {
    let columns = w.shape().1;
    let mut all = vec![vec![0.0; states.len()]; draws.len()];
    for (at, (states, weights)) in states.chunks(STATES * columns).zip(weights.chunks(STATES)).enumerate() {
        let over = Over { states, w, bias };
        let (first, count) = (at * STATES, weights.len());
        let mut parts = None;
        for (numbers, dstates) in draws.iter().zip(&mut all) {
            let targets = Targets::Drawn(&numbers[first..first + count]);
            let parts = parts.get_or_insert_with(|| over.parts(count, targets, true));
            let dstates = &mut dstates[first * columns..][..count * columns];
            over.finish(parts, Wanted { targets, weights }, dstates);
        }
    }
    all
}

/// States that go over a head.
#[derive(Clone, Copy)]
struct Over<'a> {
    states: &'a [f32],
    w: &'a Matrix,
    bias: &'a [f32],
}

impl Over<'_> {
    /// What the parts of the head add up to; by blocks too, if words are to be drawn.
    fn parts(self, count: usize, targets: Targets<'_>, in_blocks: bool) -> Vec<Sums> {
        let Over { states, w, bias } = self;
        let (rows, columns) = w.shape();
        let vectors = Vectors { data: states, count, stride: columns, first: 0 };
        let along = &Operand::new(vectors, columns, ROWS / HEIGHT, Order::Free);
        let each = rows.div_ceil(PARTS).next_multiple_of(ROWS);
        let part = |first: usize| {
            let mut part = Sums::new(first, count, columns);
            let about = About { w, bias, targets, in_blocks, along, last: rows.min(first + each) };
            Arch::new().dispatch(InLanes(Streaming { about, part: &mut part }));
            part
        };
        (0..rows).step_by(each).collect::<Vec<_>>().into_par_iter().map(part).collect()
    }

    /// The gradient of the states, and the losses.
    fn finish(self, parts: &[Sums], wanted: Wanted<'_>, dstates: &mut [f32]) -> Vec<f32> {
        let Over { states, w, bias } = self;
        let Wanted { targets, weights } = wanted;
        let columns = w.shape().1;
        let of = |(at, (dstate, weight)): (usize, (&mut [f32], &f32))| {
            let total = Total::of(parts, at);
            let (target, score) = match targets {
                Targets::Given(targets) => {
                    let score = parts.iter().map(|part| part.target[at]).find(|score| !score.is_nan());
                    (targets[at] as usize, score.unwrap_or(f32::NAN))
                }
                Targets::Drawn(numbers) => {
                    let state = &states[at * columns..][..columns];
                    drawn(parts, at, state, w, bias, total, numbers[at])
                }
            };
            let mut own = vec![0.0; columns];
            w.row(target, &mut own);
            dstate.fill(0.0);
            for part in parts {
                let share = total.share(part, at) * weight;
                let rows = &part.rows[at * columns..][..columns];
                dstate.iter_mut().zip(rows).for_each(|(x, row)| *x += share * row);
            }
            dstate.iter_mut().zip(&own).for_each(|(x, own)| *x -= weight * own);
            (f64::from(total.most) + total.sum.ln() - f64::from(score)) as f32
        };
        dstates.par_chunks_mut(columns).zip(weights).enumerate().map(of).collect()
    }
}

/// What a part of the head adds up to, of every state.
struct Sums {
    first: usize,
    /// The highest score.
    most: Vec<f32>,
    /// Of exponentials relative to it.
    sum: Vec<f32>,
    /// `[states, columns]`, of the head's rows times these exponentials.
    rows: Vec<f32>,
    /// The target's score, where it is; else no number.
    target: Vec<f32>,
    /// Of every [`ROWS`] rows and state, the highest score by then and the sum relative to it.
    blocks: Vec<(f32, f32)>,
}

impl Sums {
    fn new(first: usize, count: usize, columns: usize) -> Sums {
        Sums {
            first,
            most: vec![f32::NEG_INFINITY; count],
            sum: vec![0.0; count],
            rows: vec![0.0; count * columns],
            target: vec![f32::NAN; count],
            blocks: vec![],
        }
    }
}

/// All exponentials of a state.
#[derive(Clone, Copy)]
struct Total {
    most: f32,
    sum: f64,
}

impl Total {
    fn of(parts: &[Sums], state: usize) -> Total {
        let most = parts.iter().map(|part| part.most[state]).fold(f32::NEG_INFINITY, f32::max);
        let share = |part: &Sums| f64::from(part.sum[state]) * f64::from(part.most[state] - most).exp();
        Total { most, sum: parts.iter().map(share).sum() }
    }

    /// What a part's sums of rows are to be multiplied with.
    fn share(self, part: &Sums, state: usize) -> f32 {
        (f64::from(part.most[state] - self.most).exp() / self.sum) as f32
    }
}

/// The word that a number falls on, as `cross_entropy` draws it, and its score: its block by the sums that are known, in it by
/// scores that are made again.
fn drawn(parts: &[Sums], state: usize, x: &[f32], w: &Matrix, bias: &[f32], total: Total, number: f64) -> (usize, f32) {
    let count = parts[0].most.len();
    let mut left = number * total.sum;
    let mut last = None;
    'found: for part in parts {
        for (at, blocks) in part.blocks.chunks_exact(count).enumerate() {
            let (most, sum) = blocks[state];
            let own = f64::from(sum) * f64::from(most - total.most).exp();
            if own > 0.0 {
                last = Some((part.first + at * ROWS, left));
                if left < own {
                    break 'found;
                }
            }
            left -= own;
        }
    }
    let (first, mut left) = last.unwrap_or((0, 0.0));
    let mut scores = vec![0.0; ROWS.min(w.shape().0 - first)];
    times_rows(x, w, first, vec![&mut scores]);
    if !bias.is_empty() {
        scores.iter_mut().zip(&bias[first..]).for_each(|(x, bias)| *x += bias);
    }
    let mut found = None;
    for (at, score) in scores.iter().enumerate() {
        let own = f64::from(score - total.most).exp();
        if own > 0.0 {
            found = Some(at);
            left -= own;
            if left < 0.0 {
                break;
            }
        }
    }
    // Rounding may leave a number behind the last word that is possible.
    let at = found.unwrap_or_default();
    (first + at, scores[at])
}

#[derive(Clone, Copy)]
struct About<'a> {
    w: &'a Matrix,
    bias: &'a [f32],
    targets: Targets<'a>,
    in_blocks: bool,
    /// The states.
    along: &'a Operand<'a>,
    /// Behind the part's last row.
    last: usize,
}

struct Streaming<'a> {
    about: About<'a>,
    part: &'a mut Sums,
}

impl InRegisters for Streaming<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(self, simd: S) {
        let Streaming { about: About { w, bias, targets, in_blocks, along, last }, part } = self;
        let (columns, count) = (w.shape().1, part.most.len());
        let strips = columns.div_ceil(HEIGHT);
        let mut scores = vec![0.0; count * ROWS];
        let mut turned: Vec<Line> = vec![[0.0; HEIGHT]; strips * ROWS];
        for row in (part.first..last).step_by(ROWS) {
            let rows = ROWS.min(last - row);
            // Rows that fill the last panel are zeros, and so are their exponentials.
            let length = rows.next_multiple_of(HEIGHT);
            let panels = &w.lines()[row / HEIGHT * columns..][..length / HEIGHT * columns];
            let mut out: Vec<&mut [f32]> = scores.chunks_exact_mut(ROWS).map(|own| &mut own[..rows]).collect();
            along.many::<S, R, false>(simd, panels, &mut Parts { parts: &mut out, first: 0 });
            for (state, own) in scores.chunks_exact_mut(ROWS).enumerate() {
                let (own, rest) = own.split_at_mut(rows);
                rest[..length - rows].fill(0.0);
                if !bias.is_empty() {
                    own.iter_mut().zip(&bias[row..]).for_each(|(x, bias)| *x += bias);
                }
                if let Targets::Given(targets) = targets
                    && let Some(score) = (targets[state] as usize).checked_sub(row).and_then(|at| own.get(at))
                {
                    part.target[state] = *score;
                }
                let own_most = highest(own);
                if own_most > part.most[state] {
                    let factor = exp(part.most[state] - own_most);
                    part.most[state] = own_most;
                    part.sum[state] *= factor;
                    part.rows[state * columns..][..columns].iter_mut().for_each(|x| *x *= factor);
                }
                let most = part.most[state];
                for x in &mut *own {
                    *x = exp(*x - most);
                }
                let own_sum = sum(own);
                part.sum[state] += own_sum;
                if in_blocks {
                    part.blocks.push((most, own_sum));
                }
            }
            let lines = &mut turned[..strips * length];
            for (at, strip) in lines.chunks_exact_mut(length).enumerate() {
                let width = HEIGHT.min(columns - at * HEIGHT);
                for (p, lines) in strip.chunks_mut(HEIGHT).enumerate() {
                    turn(simd, &panels[p * columns + at * HEIGHT..][..width], lines);
                }
            }
            let exponentials = Vectors { data: &scores, count, stride: ROWS, first: 0 };
            let exponentials = Operand::of_task(exponentials, length, strips, Order::Free);
            let mut out: Vec<&mut [f32]> = part.rows.chunks_exact_mut(columns).collect();
            exponentials.many::<S, R, true>(simd, lines, &mut Parts { parts: &mut out, first: 0 });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cross_entropy::with_gradient;
    use super::*;

    #[test]
    fn one_pass_gives_what_all_scores_give() {
        let number = |i: usize| ((i * 7919 + 13) % 101) as f32 / 50.0 - 1.0;
        // More words than a block, parts that end within one, more states than go together.
        for (count, rows, columns) in [(3, 40, 5), (20, 1300, 24), (530, 700, 20)] {
            let states: Vec<f32> = (0..count * columns).map(|i| 3.0 * number(i)).collect();
            let w: Vec<f32> = (0..rows * columns).map(|i| number(i + i / 7)).collect();
            let w = Matrix::dense(&w, rows, columns);
            let bias: Vec<f32> = (0..rows).map(|i| number(3 * i)).collect();
            let weights: Vec<f32> = (0..count).map(|i| number(5 * i) + 1.5).collect();
            let given: Vec<u32> = (0..count).map(|v| (v * 331 % rows) as u32).collect();
            let drawn: Vec<f64> = (0..count).map(|v| (v as f64 + 0.5) / count as f64).collect();
            for bias in [&[][..], &bias] {
                for targets in [Targets::Given(&given), Targets::Drawn(&drawn)] {
                    let wanted = Wanted { targets, weights: &weights };
                    let (mut found, mut all) = (vec![0.0; states.len()], vec![0.0; states.len()]);
                    let losses = of_states(&states, &w, bias, wanted, &mut found);
                    let mut dw = Matrix::zeros(rows, columns);
                    let all_losses = with_gradient(&states, &w, bias, wanted, &mut all, Some(&mut dw), None);
                    let near = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4);
                    assert!(near(&losses, &all_losses), "{count} states, {rows} words, {targets:?}");
                    assert!(near(&found, &all), "{count} states, {rows} words, {targets:?}");
                }
                let draws = [drawn.clone(), drawn.iter().map(|x| 1.0 - x).collect()];
                let several = of_draws(&states, &w, bias, &draws, &weights);
                for (draw, several) in draws.iter().zip(several) {
                    let mut one = vec![0.0; states.len()];
                    let wanted = Wanted { targets: Targets::Drawn(draw), weights: &weights };
                    of_states(&states, &w, bias, wanted, &mut one);
                    assert_eq!(one, several);
                }
            }
        }
    }
}
