//! Cross entropy with its gradient. Where the head has one, scores of a few states at a time lie in memory, become
//! probabilities, and hand back what the states and the head take part in it; where it has none, `streaming` does the work.

use super::elementwise::{add_bias, softmax};
use super::gradients::{of_matrix, of_vectors};
use super::matrix::Matrix;
use super::products::{Order, times};
use super::streaming::of_states;
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

/// States whose scores lie in memory at a time: of 262,144 words 268 MB. The head is read from memory once for all of them,
/// and its transpose is made once.
const STATES: usize = 256;

/// What states are to predict.
#[derive(Clone, Copy, Debug)]
pub enum Targets<'a> {
    Given(&'a [u32]),
    /// A word drawn by what the head says behind each state: the first whose probabilities and those of all in front of it add up
    /// to more than this number from 0 to below 1.
    Drawn(&'a [f64]),
}

impl Targets<'_> {
    fn count(&self) -> usize {
        match self {
            Targets::Given(targets) => targets.len(),
            Targets::Drawn(numbers) => numbers.len(),
        }
    }

    pub(super) fn part(&self, from: usize, count: usize) -> Self {
        match self {
            Targets::Given(targets) => Targets::Given(&targets[from..from + count]),
            Targets::Drawn(numbers) => Targets::Drawn(&numbers[from..from + count]),
        }
    }
}

/// What states are to predict, and how much each loss counts.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub targets: Targets<'a>,
    pub weights: &'a [f32],
}

/// Cross entropy in nats of `targets`, one for each of `states: [targets, columns]`, under scores `states w^T + bias`, as in
/// [`super::likelihood::cross_entropies`]. Writes the gradient of `sum_i weights[i] loss[i]` to `dstates`, and adds it to `dw`
/// and `dbias`, where they are given.
///
/// # Panics
/// If the shapes do not fit together, a target is not a row of `w`, or the matrix is quantised.
pub fn with_gradient(
    states: &[f32],
    w: &Matrix,
    bias: &[f32],
    Wanted { targets, weights }: Wanted<'_>,
    dstates: &mut [f32],
    mut dw: Option<&mut Matrix>,
    mut dbias: Option<&mut [f32]>,
) -> Vec<f32> {
    let (rows, columns) = w.shape();
    let all = targets.count();
    assert_eq!(states.len(), all * columns, "one target for every state");
    assert_eq!(all, weights.len(), "one weight for every state");
    if let Targets::Given(targets) = targets {
        assert!(targets.iter().all(|target| (*target as usize) < rows), "a target is in the vocabulary");
    }
    if dw.is_none() && dbias.is_none() && w.is_dense() {
        return of_states(states, w, bias, Wanted { targets, weights }, dstates);
    }
    let mut losses = vec![0.0; all];
    let mut scores = vec![0.0; STATES.min(all) * rows];
    let parts = states.chunks(STATES * columns).zip(dstates.chunks_mut(STATES * columns));
    let about = weights.chunks(STATES).zip(losses.chunks_mut(STATES)).enumerate();
    for ((states, dstates), (part, (weights, losses))) in parts.zip(about) {
        let targets = targets.part(part * STATES, weights.len());
        let scores = &mut scores[..weights.len() * rows];
        times(states, vec![(w, &mut *scores)], Order::Free);
        add_bias(scores, bias);
        let each = scores.par_chunks_mut(rows).zip(weights).zip(losses).enumerate();
        each.for_each(|(at, ((scores, weight), loss))| {
            *loss = Arch::new().dispatch(Gradient { scores, target: targets.part(at, 1), weight: *weight });
        });
        of_vectors(scores, w, dstates, false);
        if let Some(dw) = &mut dw {
            of_matrix(scores, states, dw);
        }
        if let Some(dbias) = &mut dbias {
            scores.chunks(rows).for_each(|scores| super::elementwise::add(dbias, scores));
        }
    }
    losses
}

/// Makes scores the gradient of `weight * loss`; tells the loss.
struct Gradient<'a> {
    scores: &'a mut [f32],
    /// One.
    target: Targets<'a>,
    weight: f32,
}

impl NullaryFnOnce for Gradient<'_> {
    type Output = f32;

    #[inline(always)]
    fn call(self) -> f32 {
        let Gradient { scores, target, weight } = self;
        let (target, loss) = match target {
            Targets::Given(target) => {
                let target = target[0] as usize;
                let own = scores[target];
                (target, softmax(scores) - own)
            }
            Targets::Drawn(number) => {
                softmax(scores);
                let target = drawn(scores, number[0]);
                (target, -scores[target].ln())
            }
        };
        scores[target] -= 1.0;
        for score in scores {
            *score *= weight;
        }
        loss
    }
}

/// The word that a number from 0 to below 1 falls on, of those that `scores` are of; they become probabilities.
pub fn draw(scores: &mut [f32], number: f64) -> usize {
    softmax(scores);
    drawn(scores, number)
}

/// The word that a number falls on. Rounding may leave it behind the last: then it is the last that is possible at all.
fn drawn(probabilities: &[f32], number: f64) -> usize {
    let mut sum = 0.0;
    let found = probabilities.iter().position(|probability| {
        sum += f64::from(*probability);
        sum > number
    });
    found.or_else(|| probabilities.iter().rposition(|probability| *probability > 0.0)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::likelihood::cross_entropies;
    use super::*;

    #[test]
    fn gradients_are_those_of_finite_differences() {
        let number = |i: usize| ((i * 7919 + 13) % 101) as f32 / 50.0 - 1.0;
        let (count, rows, columns) = (130, 300, 20);
        let states: Vec<f32> = (0..count * columns).map(number).collect();
        let w: Vec<f32> = (0..rows * columns).map(|i| number(i + i / 7)).collect();
        let bias: Vec<f32> = (0..rows).map(|i| number(3 * i)).collect();
        let targets: Vec<u32> = (0..count).map(|v| (v * 331 % rows) as u32).collect();
        let weights: Vec<f32> = (0..count).map(|i| number(5 * i) + 1.5).collect();
        let loss = |states: &[f32], w: &[f32], bias: &[f32]| -> f64 {
            let losses = cross_entropies(states, &Matrix::dense(w, rows, columns), bias, &targets);
            losses.iter().zip(&weights).map(|(loss, weight)| f64::from(loss * weight)).sum()
        };
        let mut dstates = vec![0.0; states.len()];
        let mut dw = Matrix::zeros(rows, columns);
        let mut dbias = vec![0.0; rows];
        let matrix = Matrix::dense(&w, rows, columns);
        let (gradient, own) = (Some(&mut dw), Some(&mut dbias[..]));
        let wanted = Wanted { targets: Targets::Given(&targets), weights: &weights };
        let losses = with_gradient(&states, &matrix, &bias, wanted, &mut dstates, gradient, own);
        let wanted = cross_entropies(&states, &matrix, &bias, &targets);
        assert!(losses.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-5));
        let along = |x: &[f32], step: f32, salt: usize| -> (Vec<f32>, Vec<f32>) {
            let direction: Vec<f32> = (0..x.len()).map(|i| number(i * 11 + salt)).collect();
            (x.iter().zip(&direction).map(|(x, d)| x + step * d).collect(), direction)
        };
        let slope = |ahead: f64, behind: f64, step: f32| (ahead - behind) / (2.0 * f64::from(step));
        let near = |name: &str, found: f64, gradient: &[f32], direction: &[f32]| {
            let wanted: f64 = gradient.iter().zip(direction).map(|(g, d)| f64::from(g * d)).sum();
            assert!((found - wanted).abs() < 2e-3 * (1.0 + wanted.abs()), "{name}: {found} for {wanted}");
        };
        let step = 1e-2;
        let ((a, direction), (b, _)) = (along(&states, step, 1), along(&states, -step, 1));
        near("states", slope(loss(&a, &w, &bias), loss(&b, &w, &bias), step), &dstates, &direction);
        let ((a, direction), (b, _)) = (along(&w, step, 2), along(&w, -step, 2));
        near("matrix", slope(loss(&states, &a, &bias), loss(&states, &b, &bias), step), &dw.values(), &direction);
        let ((a, direction), (b, _)) = (along(&bias, step, 3), along(&bias, -step, 3));
        near("bias", slope(loss(&states, &w, &a), loss(&states, &w, &b), step), &dbias, &direction);
    }

    #[test]
    fn words_are_drawn_as_often_as_they_are_probable() {
        let (count, rows, columns) = (4000, 5, 3);
        let w = Matrix::dense(
            &[0.9, 0.1, -0.3, 0.2, 0.5, 0.7, -1.0, 0.3, 0.1, 0.0, 0.0, 0.0, 1.2, -0.4, 0.2],
            rows,
            columns,
        );
        let states = [1.0, -0.5, 0.8].repeat(count);
        let numbers: Vec<f64> = (0..count).map(|i| (i as f64 + 0.5) / count as f64).collect();
        let mut dstates = vec![0.0; states.len()];
        let wanted = Wanted { targets: Targets::Drawn(&numbers), weights: &vec![1.0; count] };
        let losses = with_gradient(&states, &w, &[], wanted, &mut dstates, None, None);
        // Each loss is the surprise at one of the words, which comes as often as it says.
        let mut words: Vec<f32> = losses.clone();
        words.sort_by(f32::total_cmp);
        words.dedup_by(|a, b| (*a - *b).abs() < 1e-5);
        assert_eq!(words.len(), rows);
        for word in words {
            let share = losses.iter().filter(|loss| (**loss - word).abs() < 1e-5).count() as f32 / count as f32;
            assert!((share - (-word).exp()).abs() < 2.0 / count as f32, "{share} for {}", (-word).exp());
        }
        // Drawn by the model itself, the gradients cancel each other.
        let mean = dstates.chunks(columns).fold([0.0; 3], |sum, d| [sum[0] + d[0], sum[1] + d[1], sum[2] + d[2]]);
        assert!(mean.iter().all(|sum| sum.abs() < 2.0), "{mean:?}");
        assert_eq!((drawn(&[0.5, 0.5, 0.0], 0.999_999_999), drawn(&[0.5, 0.4, 0.0], 0.95)), (1, 1));
    }
}
