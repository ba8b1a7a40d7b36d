//! Norms of rows.

use super::lanes::{InLanes, InRegisters, dot};
use pulp::{Arch, Simd};
use rayon::prelude::*;

/// Numbers that one task normalises.
const PART: usize = 1 << 14;

/// `out = x / sqrt(mean(x^2) + epsilon) * weight` for every row of `x: [.., weight.len()]` (Zhang and Sennrich 2019).
pub fn rms(x: &[f32], weight: &[f32], epsilon: f32, out: &mut [f32]) {
    in_parts(x, weight.len(), out, |x, out| Arch::new().dispatch(InLanes(Rms { x, weight, epsilon, out })));
}

/// `out = (x - mean) / sqrt(variance + epsilon) * weight + bias` for every row (Ba et al. 2016). No bias if it is empty.
pub fn layer(x: &[f32], weight: &[f32], bias: &[f32], epsilon: f32, out: &mut [f32]) {
    let width = weight.len();
    in_parts(x, width, out, |x, out| {
        for (x, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            let mean = x.iter().map(|x| f64::from(*x)).sum::<f64>() / width as f64;
            let variance = x.iter().map(|x| (f64::from(*x) - mean).powi(2)).sum::<f64>() / width as f64;
            let (mean, factor) = (mean as f32, 1.0 / (variance as f32 + epsilon).sqrt());
            for (i, (out, x)) in out.iter_mut().zip(x).enumerate() {
                *out = (x - mean) * factor * weight[i] + bias.get(i).copied().unwrap_or(0.0);
            }
        }
    });
}

/// Whole rows at a time; in parallel if there is enough to do.
fn in_parts(x: &[f32], width: usize, out: &mut [f32], of: impl Fn(&[f32], &mut [f32]) + Sync) {
    let part = PART.div_ceil(width) * width;
    if x.len() <= part {
        return of(x, out);
    }
    out.par_chunks_mut(part).zip(x.par_chunks(part)).for_each(|(out, x)| of(x, out));
}

struct Rms<'a> {
    x: &'a [f32],
    weight: &'a [f32],
    epsilon: f32,
    out: &'a mut [f32],
}

impl InRegisters for Rms<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(self, simd: S) {
        let width = self.weight.len();
        for (x, out) in self.x.chunks_exact(width).zip(self.out.chunks_exact_mut(width)) {
            let factor = 1.0 / (dot::<S, R>(simd, x, x) / width as f32 + self.epsilon).sqrt();
            for ((out, x), w) in out.iter_mut().zip(x).zip(self.weight) {
                *out = x * factor * w;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_normalised() {
        let x: Vec<f32> = (0..40).map(|i| (i as f32 * 0.37).sin() * 3.0 + 1.0).collect();
        let mut out = vec![0.0; 40];
        rms(&x, &[2.0; 20], 0.0, &mut out);
        for row in out.chunks(20) {
            let mean: f32 = row.iter().map(|x| x * x / 4.0).sum::<f32>() / 20.0;
            assert!((mean - 1.0).abs() < 1e-5, "{mean}");
        }
        layer(&x, &[1.0; 20], &[0.5; 20], 0.0, &mut out);
        for row in out.chunks(20) {
            let mean: f32 = row.iter().sum::<f32>() / 20.0;
            let variance: f32 = row.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / 20.0;
            assert!((mean - 0.5).abs() < 1e-5 && (variance - 1.0).abs() < 1e-4, "{mean} {variance}");
        }
    }
}
