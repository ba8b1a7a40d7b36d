//! Backward passes of the activations of `elementwise`.

use super::elementwise::{erf, exp};
use crate::ml::spec::Activation;
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

/// Numbers that one task computes.
const PART: usize = 1 << 13;

/// Gradients of `activation(gate) * up` ([`gated`](super::elementwise::gated)), `gate` being what it was before:
/// `dgate = dout * up * activation'(gate)`, `dup = dout * activation(gate)`.
///
/// # Panics
/// If the lengths are not the same.
pub fn gated_backward(
    activation: Activation,
    gate: &[f32],
    up: &[f32],
    dout: &[f32],
    dgate: &mut [f32],
    dup: &mut [f32],
) {
    let count = gate.len();
    assert!([up.len(), dout.len(), dgate.len(), dup.len()] == [count; 4], "gradients are as long as what they are of");
    let inputs = gate.par_chunks(PART).zip(up.par_chunks(PART)).zip(dout.par_chunks(PART));
    inputs.zip(dgate.par_chunks_mut(PART).zip(dup.par_chunks_mut(PART))).for_each(
        |(((gate, up), dout), (dgate, dup))| {
            Arch::new().dispatch(Back { activation, x: gate, dout, dx: dgate, gated: Some((up, dup)) });
        },
    );
}

/// Gradient of `activation(x)` ([`activated`](super::elementwise::activated)): `dx = dout * activation'(x)`.
///
/// # Panics
/// If the lengths are not the same.
pub fn activated_backward(activation: Activation, x: &[f32], dout: &[f32], dx: &mut [f32]) {
    assert!([dout.len(), dx.len()] == [x.len(); 2], "gradients are as long as what they are of");
    let inputs = x.par_chunks(PART).zip(dout.par_chunks(PART));
    inputs.zip(dx.par_chunks_mut(PART)).for_each(|((x, dout), dx)| {
        Arch::new().dispatch(Back { activation, x, dout, dx, gated: None });
    });
}

struct Back<'a> {
    activation: Activation,
    x: &'a [f32],
    dout: &'a [f32],
    dx: &'a mut [f32],
    /// What the activation was multiplied with, and its gradient.
    gated: Option<(&'a [f32], &'a mut [f32])>,
}

impl NullaryFnOnce for Back<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.activation {
            Activation::Silu => self.along::<Silu>(),
            Activation::Gelu => self.along::<Gelu>(),
            Activation::GeluTanh => self.along::<GeluTanh>(),
        }
    }
}

impl Back<'_> {
    #[inline(always)]
    fn along<C: Curve>(self) {
        let each = self.dx.iter_mut().zip(self.dout).zip(self.x);
        match self.gated {
            None => {
                for ((dx, dout), x) in each {
                    *dx = dout * C::at(*x).1;
                }
            }
            Some((up, dup)) => {
                for (((dx, dout), x), (up, dup)) in each.zip(up.iter().zip(dup)) {
                    let (value, slope) = C::at(*x);
                    *dup = dout * value;
                    *dx = dout * up * slope;
                }
            }
        }
    }
}

/// A function of one number. A trait and not a parameter, so that it is inlined.
trait Curve {
    /// The value and the slope.
    fn at(x: f32) -> (f32, f32);
}

struct Silu;
struct Gelu;
struct GeluTanh;

impl Curve for Silu {
    #[inline(always)]
    fn at(x: f32) -> (f32, f32) {
        let share = 1.0 / (1.0 + exp(-x));
        (x * share, share + x * share * (1.0 - share))
    }
}

impl Curve for Gelu {
    /// `(x Phi(x))' = Phi(x) + x phi(x)`.
    #[inline(always)]
    fn at(x: f32) -> (f32, f32) {
        /// `1 / sqrt(2 pi)`.
        const HEIGHT: f32 = 0.398_942_3;
        let share = 0.5 + 0.5 * erf(x * std::f32::consts::FRAC_1_SQRT_2);
        (x * share, share + x * HEIGHT * exp(-0.5 * x * x))
    }
}

impl Curve for GeluTanh {
    /// `x s(t)` with the logistic function `s` of `t = 2 sqrt(2 / pi) (x + 0.044715 x^3)`.
    #[inline(always)]
    fn at(x: f32) -> (f32, f32) {
        const FACTOR: f32 = 1.595_769;
        // Beyond 12 the slope is 0 or 1, and soon the cube no number.
        let near = x.clamp(-12.0, 12.0);
        let square = near * near;
        let share = 1.0 / (1.0 + exp(-FACTOR * near * (1.0 + 0.044_715 * square)));
        let inner = FACTOR * (1.0 + 0.134_145 * square);
        (x * share, share + near * share * (1.0 - share) * inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::elementwise::{activated, gated};
    use super::*;
    use crate::ml::math::differences::{assert_slopes, numbers, weighed};

    const ACTIVATIONS: [Activation; 3] = [Activation::Silu, Activation::Gelu, Activation::GeluTanh];

    /// Between -4 and 4.
    fn wide(count: usize, seed: u64) -> Vec<f32> {
        numbers(count, seed).into_iter().map(|x| 4.0 * x).collect()
    }

    #[test]
    fn gradients_are_slopes() {
        for activation in ACTIVATIONS {
            for (seed, count) in [1, 37, 3 * PART + 5].into_iter().enumerate() {
                let seed = seed as u64;
                let (gate, up, dout) = (wide(count, seed), numbers(count, seed + 5), numbers(count, seed + 9));
                let (mut dgate, mut dup) = (vec![7.0; count], vec![7.0; count]);
                gated_backward(activation, &gate, &up, &dout, &mut dgate, &mut dup);
                assert_slopes(&format!("gated {activation:?}"), &[&gate, &up], &[&dgate, &dup], |inputs| {
                    let mut y = inputs[0].clone();
                    gated(activation, &mut y, &inputs[1]);
                    weighed(&y, &dout)
                });
                let mut dx = vec![7.0; count];
                activated_backward(activation, &gate, &dout, &mut dx);
                assert_slopes(&format!("{activation:?}"), &[&gate], &[&dx], |inputs| {
                    let mut y = inputs[0].clone();
                    activated(activation, &mut y);
                    weighed(&y, &dout)
                });
                assert!(dgate.iter().chain(&dup).chain(&dx).all(|g| *g != 0.0), "every gradient is there");
            }
        }
    }

    #[test]
    fn slopes_far_out_are_zero_and_one() {
        for activation in ACTIVATIONS {
            let x = [-1e30, -200.0, 200.0, 1e30];
            let mut dx = [7.0; 4];
            activated_backward(activation, &x, &[1.0; 4], &mut dx);
            assert!(dx.iter().zip([0.0, 0.0, 1.0, 1.0]).all(|(a, b)| (a - b).abs() < 1e-6), "{activation:?}: {dx:?}");
        }
    }
}
