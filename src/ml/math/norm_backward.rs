//! Backward passes of `norm`.

use super::lanes::{InLanes, InRegisters};
use super::norm::{centred_dot, layer_moments, mean, rms_factor};
use pulp::{Arch, Simd};
use rayon::prelude::*;

/// Numbers that one task computes. Sums over rows are those of such parts, added in their order.
const PART: usize = 1 << 14;

/// Gradients of [`rms`](super::norm::rms): that of `x: [.., weight.len()]` is written to `dx`, that of the weight added to
/// `dweight`.
///
/// # Panics
/// If the shapes do not fit together.
pub fn rms_backward(
    x: &[f32],
    weight: &[f32],
    epsilon: f32,
    dout: &[f32],
    dx: &mut [f32],
    dweight: Option<&mut [f32]>,
) {
    in_parts(x, weight, epsilon, false, dout, dx, [dweight, None]);
}

/// Gradients of [`layer`](super::norm::layer): that of `x: [.., weight.len()]` is written to `dx`, those of weight and bias
/// are added to `dweight` and `dbias`.
///
/// # Panics
/// If the shapes do not fit together.
pub fn layer_backward(
    x: &[f32],
    weight: &[f32],
    epsilon: f32,
    dout: &[f32],
    dx: &mut [f32],
    dweight: Option<&mut [f32]>,
    dbias: Option<&mut [f32]>,
) {
    in_parts(x, weight, epsilon, true, dout, dx, [dweight, dbias]);
}

fn in_parts(
    x: &[f32],
    weight: &[f32],
    epsilon: f32,
    centred: bool,
    dout: &[f32],
    dx: &mut [f32],
    totals: [Option<&mut [f32]>; 2],
) {
    let width = weight.len();
    assert!(x.len().is_multiple_of(width), "rows are as long as the weight");
    assert!(dout.len() == x.len() && dx.len() == x.len(), "gradients are as long as what they are of");
    assert!(totals.iter().flatten().all(|total| total.len() == width), "one gradient for every weight");
    let part = PART.div_ceil(width) * width;
    let lengths = totals.each_ref().map(|total| if total.is_some() { width } else { 0 });
    let each = x.par_chunks(part).zip(dout.par_chunks(part)).zip(dx.par_chunks_mut(part));
    let of = |((x, dout), dx)| {
        let mut sums = lengths.map(|length| vec![0.0; length]);
        Arch::new().dispatch(InLanes(Back { x, weight, epsilon, centred, dout, dx, sums: &mut sums }));
        sums
    };
    let sums: Vec<[Vec<f64>; 2]> = each.map(of).collect();
    for (which, total) in totals.into_iter().enumerate() {
        for (i, total) in total.into_iter().flatten().enumerate() {
            *total += sums.iter().map(|part| part[which][i]).sum::<f64>() as f32;
        }
    }
}

/// Some rows of `y = (x - mean) f w + b`, where the mean is zero if the norm is not centred.
struct Back<'a> {
    x: &'a [f32],
    weight: &'a [f32],
    epsilon: f32,
    centred: bool,
    dout: &'a [f32],
    dx: &'a mut [f32],
    /// Of weight and bias; empty if they are not wanted.
    sums: &'a mut [Vec<f64>; 2],
}

impl InRegisters for Back<'_> {
    /// With `g = dout w` and `f` the factor: `dx = f (g - mean(g) - f^2 (x - mean) mean(g (x - mean)))`.
    #[inline(always)]
    fn run<S: Simd, const R: usize>(self, simd: S) {
        let width = self.weight.len();
        let [dweight, dbias] = self.sums;
        let rows = self.x.chunks_exact(width).zip(self.dout.chunks_exact(width)).zip(self.dx.chunks_exact_mut(width));
        for ((x, dout), dx) in rows {
            let (middle, factor) = if self.centred {
                layer_moments::<S, R>(simd, x, self.epsilon)
            } else {
                (0.0, rms_factor::<S, R>(simd, x, self.epsilon))
            };
            for ((dx, dout), w) in dx.iter_mut().zip(dout).zip(self.weight) {
                *dx = dout * w;
            }
            let off = if self.centred { mean::<S, R>(simd, dx) } else { 0.0 };
            let along = centred_dot::<S, R>(simd, dx, off, x, middle) / width as f32 * factor * factor;
            for (dx, x) in dx.iter_mut().zip(x) {
                *dx = factor * (*dx - off - along * (x - middle));
            }
            for ((sum, dout), x) in dweight.iter_mut().zip(dout).zip(x) {
                *sum += f64::from(dout * ((x - middle) * factor));
            }
            for (sum, dout) in dbias.iter_mut().zip(dout) {
                *sum += f64::from(*dout);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::norm::{layer, rms};
    use super::*;
    use crate::ml::math::differences::{assert_same_for_all_threads, assert_slopes, numbers, weighed};

    const EPSILON: f32 = 1e-3;

    /// Rows and widths: one part, a width that is no multiple of the lanes, several parts.
    const SIZES: [(usize, usize); 4] = [(3, 16), (5, 37), (700, 24), (1, 2)];

    #[test]
    fn gradients_of_rms_are_its_slopes() {
        for (seed, (rows, width)) in SIZES.into_iter().enumerate() {
            let of = |salt| numbers(rows * width, 10 * seed as u64 + salt);
            let (x, weight, dout) = (of(0), numbers(width, seed as u64 + 99), of(1));
            let (mut dx, mut dweight) = (vec![7.0; x.len()], vec![0.0; width]);
            rms_backward(&x, &weight, EPSILON, &dout, &mut dx, Some(&mut dweight));
            assert_slopes(&format!("rms {rows}x{width}"), &[&x, &weight], &[&dx, &dweight], |inputs| {
                let mut y = vec![0.0; x.len()];
                rms(&inputs[0], &inputs[1], EPSILON, &mut y);
                weighed(&y, &dout)
            });
            assert!(dx.iter().chain(&dweight).all(|g| *g != 0.0), "every gradient is there");
            let (mut again, mut twice) = (vec![0.0; x.len()], dweight.clone());
            rms_backward(&x, &weight, EPSILON, &dout, &mut again, Some(&mut twice));
            assert!(twice.iter().zip(&dweight).all(|(a, b)| *a == 2.0 * b), "weights' gradients are added");
            rms_backward(&x, &weight, EPSILON, &dout, &mut again, None);
            assert_eq!(again, dx);
        }
    }

    #[test]
    fn gradients_of_layer_are_its_slopes() {
        for (seed, (rows, width)) in SIZES.into_iter().take(3).enumerate() {
            let of = |salt| numbers(rows * width, 10 * seed as u64 + salt);
            let (x, dout) = (of(2), of(3));
            let (weight, bias) = (numbers(width, seed as u64 + 55), numbers(width, seed as u64 + 66));
            let (mut dx, mut dweight, mut dbias) = (vec![7.0; x.len()], vec![0.0; width], vec![0.0; width]);
            layer_backward(&x, &weight, EPSILON, &dout, &mut dx, Some(&mut dweight), Some(&mut dbias));
            let inputs: [&[f32]; 3] = [&x, &weight, &bias];
            assert_slopes(&format!("layer {rows}x{width}"), &inputs, &[&dx, &dweight, &dbias], |inputs| {
                let mut y = vec![0.0; x.len()];
                layer(&inputs[0], &inputs[1], &inputs[2], EPSILON, &mut y);
                weighed(&y, &dout)
            });
            assert!(dx.iter().chain(&dweight).chain(&dbias).all(|g| *g != 0.0), "every gradient is there");
        }
    }

    #[test]
    fn sums_over_rows_do_not_depend_on_the_threads() {
        let (rows, width) = (3000, 24);
        let (x, dout, weight) = (numbers(rows * width, 1), numbers(rows * width, 2), numbers(width, 3));
        assert_same_for_all_threads(|| {
            let (mut dx, mut dweight, mut dbias) = (vec![0.0; x.len()], vec![0.0; width], vec![0.0; width]);
            layer_backward(&x, &weight, EPSILON, &dout, &mut dx, Some(&mut dweight), Some(&mut dbias));
            [dx, dweight, dbias].concat()
        });
    }
}
