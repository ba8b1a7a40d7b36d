//! The logarithm of a sum of exponentials over a vocabulary, for many states, without its scores ever lying in memory
//! together. Owns the running sums.

use super::elementwise::exp;
use super::many::{Panels, Sink, through};
use super::rows::Rows;

/// Cross entropy in nats of `targets`, one for each vector of `states`, under scores `states w^T + bias`. No bias if it is
/// empty.
///
/// # Panics
/// If there is not one target for every vector, or a target is not a row of `w`.
pub fn cross_entropies(states: &Panels, w: Rows<'_>, bias: &[f32], targets: &[u32]) -> Vec<f32> {
    assert_eq!(states.vectors(), targets.len(), "one target for every state");
    let begin = |first| Running {
        first,
        bias,
        targets,
        most: vec![f32::NEG_INFINITY; targets.len()],
        sums: vec![0.0; targets.len()],
        scores: vec![],
    };
    let parts = through(states, w, begin);
    let mut scores = vec![f32::NAN; targets.len()];
    parts.iter().flat_map(|part| &part.scores).for_each(|(vector, score)| scores[*vector] = *score);
    let of = |(vector, score): (usize, f32)| {
        let most = parts.iter().map(|part| part.most[vector]).fold(f32::NEG_INFINITY, f32::max);
        let share = |part: &Running<'_>| f64::from(part.sums[vector]) * f64::from(part.most[vector] - most).exp();
        let sum: f64 = parts.iter().map(share).sum();
        assert!(!score.is_nan() || sum.is_nan(), "a target is in the vocabulary");
        (f64::from(most) + sum.ln() - f64::from(score)) as f32
    };
    scores.into_iter().enumerate().map(of).collect()
}

/// Sums over some of the vocabulary.
struct Running<'a> {
    /// First row of these.
    first: usize,
    bias: &'a [f32],
    targets: &'a [u32],
    /// Of every vector the highest score, and the sum of exponentials relative to it.
    most: Vec<f32>,
    sums: Vec<f32>,
    /// Vectors whose targets are among the rows, with the target's score.
    scores: Vec<(usize, f32)>,
}

impl Sink for Running<'_> {
    #[inline(always)]
    fn take(&mut self, row: usize, rows: usize, vector: usize, vectors: usize, tile: &mut [f32], width: usize) {
        let row = self.first + row;
        if !self.bias.is_empty() {
            for (tile, bias) in tile.chunks_mut(width).zip(&self.bias[row..row + rows]) {
                tile.iter_mut().for_each(|x| *x += bias);
            }
        }
        for (v, target) in self.targets[vector..vector + vectors].iter().enumerate() {
            let at = (*target as usize).wrapping_sub(row);
            if at < rows {
                self.scores.push((vector + v, tile[at * width + v]));
            }
        }
        let most = &mut self.most[vector..vector + vectors];
        let sums = &mut self.sums[vector..vector + vectors];
        let mut highest = [f32::NEG_INFINITY; 64];
        let highest = &mut highest[..vectors];
        for tile in tile.chunks(width).take(rows) {
            for (highest, x) in highest.iter_mut().zip(tile) {
                *highest = if *x > *highest { *x } else { *highest };
            }
        }
        for ((most, sum), highest) in most.iter_mut().zip(&mut *sums).zip(highest) {
            let new = if *highest > *most { *highest } else { *most };
            *sum *= exp(*most - new);
            *most = new;
        }
        for tile in tile.chunks(width).take(rows) {
            for ((sum, most), x) in sums.iter_mut().zip(&*most).zip(tile) {
                *sum += exp(x - most);
            }
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
            let panels = Panels::new(&states, columns);
            for bias in [&[][..], &bias] {
                let found = cross_entropies(&panels, Rows::Dense { values: &w, columns }, bias, &targets);
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
