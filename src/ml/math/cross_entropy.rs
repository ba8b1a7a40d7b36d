//! Cross entropy with its gradient: scores of a few states at a time lie in memory, become probabilities, and hand back
//! what the states and the head take part in it.

use super::elementwise::{add_bias, softmax};
use super::gradients::{of_matrix, of_vectors};
use super::matrix::Matrix;
use super::products::times;
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

/// States whose scores lie in memory at a time: of 262,144 words 268 MB. The head is read from memory once for all of them,
/// and its transpose is made once.
const STATES: usize = 256;

/// What states are to predict, and how much each loss counts.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub targets: &'a [u32],
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
    assert_eq!(states.len(), targets.len() * columns, "one target for every state");
    assert_eq!(targets.len(), weights.len(), "one weight for every state");
    assert!(targets.iter().all(|target| (*target as usize) < rows), "a target is in the vocabulary");
    let mut losses = vec![0.0; targets.len()];
    let mut scores = vec![0.0; STATES.min(targets.len()) * rows];
    let parts = states.chunks(STATES * columns).zip(dstates.chunks_mut(STATES * columns));
    let about = targets.chunks(STATES).zip(weights.chunks(STATES)).zip(losses.chunks_mut(STATES));
    for ((states, dstates), ((targets, weights), losses)) in parts.zip(about) {
        let scores = &mut scores[..targets.len() * rows];
        times(states, vec![(w, &mut *scores)]);
        add_bias(scores, bias);
        let each = scores.par_chunks_mut(rows).zip(targets).zip(weights).zip(losses);
        each.for_each(|(((scores, target), weight), loss)| {
            *loss = Arch::new().dispatch(Gradient { scores, target: *target as usize, weight: *weight });
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
    target: usize,
    weight: f32,
}

impl NullaryFnOnce for Gradient<'_> {
    type Output = f32;

    #[inline(always)]
    fn call(self) -> f32 {
        let Gradient { scores, target, weight } = self;
        let own = scores[target];
        let loss = softmax(scores) - own;
        scores[target] -= 1.0;
        for score in scores {
            *score *= weight;
        }
        loss
    }
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
        let wanted = Wanted { targets: &targets, weights: &weights };
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
}
