//! Norms of rows.

use super::lanes::{InLanes, InRegisters, LANES, Lanes, dot};
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
    in_parts(x, weight.len(), out, |x, out| Arch::new().dispatch(InLanes(Layer { x, weight, bias, epsilon, out })));
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
            let factor = rms_factor::<S, R>(simd, x, self.epsilon);
            for ((out, x), w) in out.iter_mut().zip(x).zip(self.weight) {
                *out = x * factor * w;
            }
        }
    }
}

struct Layer<'a> {
    x: &'a [f32],
    weight: &'a [f32],
    bias: &'a [f32],
    epsilon: f32,
    out: &'a mut [f32],
}

impl InRegisters for Layer<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(self, simd: S) {
        let width = self.weight.len();
        for (x, out) in self.x.chunks_exact(width).zip(self.out.chunks_exact_mut(width)) {
            let (mean, factor) = layer_moments::<S, R>(simd, x, self.epsilon);
            for ((out, x), w) in out.iter_mut().zip(x).zip(self.weight) {
                *out = (x - mean) * factor * w;
            }
            for (out, bias) in out.iter_mut().zip(self.bias) {
                *out += bias;
            }
        }
    }
}

/// `1 / sqrt(mean(x^2) + epsilon)`.
#[inline(always)]
pub fn rms_factor<S: Simd, const R: usize>(simd: S, x: &[f32], epsilon: f32) -> f32 {
    1.0 / (dot::<S, R>(simd, x, x) / x.len() as f32 + epsilon).sqrt()
}

/// The mean, and `1 / sqrt(variance + epsilon)`.
#[inline(always)]
pub fn layer_moments<S: Simd, const R: usize>(simd: S, x: &[f32], epsilon: f32) -> (f32, f32) {
    let mean = mean::<S, R>(simd, x);
    let variance = centred_dot::<S, R>(simd, x, mean, x, mean) / x.len() as f32;
    (mean, 1.0 / (variance + epsilon).sqrt())
}

#[inline(always)]
pub fn mean<S: Simd, const R: usize>(simd: S, x: &[f32]) -> f32 {
    let (head, tail) = x.as_chunks::<LANES>();
    let (mut sum, one) = (Lanes::<S, R>::splat(simd, 0.0), Lanes::splat(simd, 1.0));
    for x in head {
        sum.add_product(simd, &one, &Lanes::load(simd, x));
    }
    (sum.total() + tail.iter().sum::<f32>()) / x.len() as f32
}

/// `sum((a - a_mean) (b - b_mean))`.
#[inline(always)]
pub fn centred_dot<S: Simd, const R: usize>(simd: S, a: &[f32], a_mean: f32, b: &[f32], b_mean: f32) -> f32 {
    let ((a, a_tail), (b, b_tail)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let (mut sum, one) = (Lanes::<S, R>::splat(simd, 0.0), Lanes::splat(simd, 1.0));
    let (a_off, b_off) = (Lanes::splat(simd, -a_mean), Lanes::splat(simd, -b_mean));
    for (a, b) in a.iter().zip(b) {
        let (mut a, mut b) = (Lanes::load(simd, a), Lanes::load(simd, b));
        a.add_product(simd, &one, &a_off);
        b.add_product(simd, &one, &b_off);
        sum.add_product(simd, &a, &b);
    }
    let rest = a_tail.iter().zip(b_tail);
    rest.fold(sum.total(), |sum, (a, b)| sum + (a - a_mean) * (b - b_mean))
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
