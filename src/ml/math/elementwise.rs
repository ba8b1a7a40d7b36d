//! Functions of single numbers, and of a row of scores: activations, sums, softmax.

use crate::ml::spec::Activation;
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

/// Numbers that one task computes.
const PART: usize = 1 << 13;

/// `gate = activation(gate) * up`.
pub fn gated(activation: Activation, gate: &mut [f32], up: &[f32]) {
    in_parts(gate, up, |gate, up| Arch::new().dispatch(Activating { activation, x: gate, factors: Some(up) }));
}

/// `x = activation(x)`.
pub fn activated(activation: Activation, x: &mut [f32]) {
    let of = |x: &mut [f32]| Arch::new().dispatch(Activating { activation, x, factors: None });
    if x.len() <= PART { of(x) } else { x.par_chunks_mut(PART).for_each(of) }
}

/// `x += y`.
pub fn add(x: &mut [f32], y: &[f32]) {
    in_parts(x, y, |x, y| Arch::new().dispatch(Adding { x, y }));
}

/// Adds `bias` to every row of `x`; nothing if it is empty.
pub fn add_bias(x: &mut [f32], bias: &[f32]) {
    if !bias.is_empty() {
        x.par_chunks_mut(bias.len()).for_each(|x| Arch::new().dispatch(Adding { x, y: bias }));
    }
}

/// Both in the same parts; in parallel if there is enough to do.
fn in_parts(x: &mut [f32], y: &[f32], of: impl Fn(&mut [f32], &[f32]) + Sync) {
    if x.len() <= PART {
        return of(x, y);
    }
    x.par_chunks_mut(PART).zip(y.par_chunks(PART)).for_each(|(x, y)| of(x, y));
}

struct Adding<'a> {
    x: &'a mut [f32],
    y: &'a [f32],
}

impl NullaryFnOnce for Adding<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.x.iter_mut().zip(self.y).for_each(|(x, y)| *x += y);
    }
}

struct Activating<'a> {
    activation: Activation,
    x: &'a mut [f32],
    factors: Option<&'a [f32]>,
}

impl NullaryFnOnce for Activating<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Activating { activation, x, factors } = self;
        match activation {
            Activation::Silu => {
                for x in &mut *x {
                    *x /= 1.0 + exp(-*x);
                }
            }
            Activation::GeluTanh => {
                for x in &mut *x {
                    *x = gelu_tanh(*x);
                }
            }
            Activation::Gelu => {
                for x in &mut *x {
                    *x = gelu(*x);
                }
            }
        }
        for (x, factor) in x.iter_mut().zip(factors.unwrap_or_default()) {
            *x *= factor;
        }
    }
}

/// `x = exp(x) / sum(exp(x))`, and the logarithm of the sum. Inlined, so that it runs in its caller's instructions.
#[inline(always)]
pub fn softmax(x: &mut [f32]) -> f32 {
    let most = highest(x);
    for x in &mut *x {
        *x = exp(*x - most);
    }
    let sum = sum(x);
    let factor = 1.0 / sum;
    for x in &mut *x {
        *x *= factor;
    }
    most + sum.ln()
}

/// The highest number.
#[inline(always)]
pub fn highest(x: &[f32]) -> f32 {
    let (chunks, rest) = x.as_chunks::<16>();
    let mut most = [f32::NEG_INFINITY; 16];
    for x in chunks {
        for lane in 0..16 {
            most[lane] = if x[lane] > most[lane] { x[lane] } else { most[lane] };
        }
    }
    most.iter().chain(rest).copied().fold(f32::NEG_INFINITY, f32::max)
}

/// `ln(sum(exp(x)))`, in 64 bits.
pub fn log_sum_exp(x: &[f32]) -> f64 {
    Arch::new().dispatch(LogSumExp(x))
}

struct LogSumExp<'a>(&'a [f32]);

impl NullaryFnOnce for LogSumExp<'_> {
    type Output = f64;

    #[inline(always)]
    fn call(self) -> f64 {
        let most = highest(self.0);
        let mut total = 0.0;
        for part in self.0.chunks(1024) {
            let mut shares = [0.0; 1024];
            for (share, x) in shares.iter_mut().zip(part) {
                *share = exp(x - most);
            }
            total += f64::from(sum(&shares[..part.len()]));
        }
        f64::from(most) + total.ln()
    }
}

/// The sum, as sixteen partial ones.
#[inline(always)]
pub fn sum(x: &[f32]) -> f32 {
    let mut sums = [0f32; 16];
    let chunks = x.chunks_exact(16);
    let rest: f32 = chunks.remainder().iter().sum();
    for x in chunks {
        for lane in 0..16 {
            sums[lane] += x[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// `e^x` within 2 units in the last place over the normal range, as operations that vectorise: `2^n * p(f)` where
/// `x * log2(e) = n + f`, |f| <= 1/2.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    // The product in two parts, so that nothing of `x - n ln 2` is lost.
    let f = (x - n * 0.693_359_4) + n * 2.121_944_4e-4;
    let p = 1.0
        + f * (1.0
            + f * (0.5 + f * (1.0 / 6.0 + f * (1.0 / 24.0 + f * (1.0 / 120.0 + f * (1.0 / 720.0 + f / 5040.0))))));
    // The last bits of the rounded number are those of `n`.
    p * f32::from_bits(rounded.to_bits().wrapping_add(127) << 23)
}

#[inline(always)]
fn gelu_tanh(x: f32) -> f32 {
    const FACTOR: f32 = 0.797_884_6;
    let inner = FACTOR * (x + 0.044_715 * x * x * x);
    // x (1 + tanh(t)) / 2 = x / (1 + e^(-2t))
    x / (1.0 + exp(-2.0 * inner))
}

#[inline(always)]
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// The error function within 1e-7, as operations that vectorise: a polynomial near zero, elsewhere `1 - e^-p(|x|)`. The
/// coefficients are minimax fits to the function itself.
#[inline(always)]
pub fn erf(x: f32) -> f32 {
    let (z, square) = (x.abs(), x * x);
    let low = -5.967_617e-4;
    let low = low * square + 4.991_194e-3;
    let low = low * square - 2.676_813_5e-2;
    let low = low * square + 1.128_199_25e-1;
    let low = low * square - 3.761_253_4e-1;
    let low = low * square + 1.283_791_7e-1;
    // Beyond 5 it is one, and the polynomial turns back.
    let far = z.min(5.0);
    let high = (-1.728_534_7e-5 * far + 3.831_97e-4) * far * far + (-3.883_964_4e-3 * far + 2.425_462_2e-2);
    let high = high * far - 1.067_778_8e-1;
    let high = high * far - 6.348_467e-1;
    let high = high * far - 1.287_175_1e-1;
    let high = 1.0 - exp(high * far - far);
    // 475/512 is where the fits meet.
    if z > 0.927_734_4 { high.copysign(x) } else { low * x + x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_near_those_of_64_bits() {
        for i in -8000..8000 {
            let x = i as f32 * 0.01 + 0.003;
            let wanted = f64::from(x).exp();
            let off = (f64::from(exp(x)) - wanted).abs() / wanted;
            assert!(off < 3e-7, "e^{x} is off by {off}");
        }
    }

    /// The error function: its Taylor series near zero, the continued fraction of its complement elsewhere.
    fn slow_erf(x: f64) -> f64 {
        let z = x.abs();
        let value = if z < 1.0 {
            let (mut term, mut sum, square) = (z, z, z * z);
            for n in 1..14 {
                term *= -square / f64::from(n);
                sum += term / f64::from(2 * n + 1);
            }
            sum * std::f64::consts::FRAC_2_SQRT_PI
        } else {
            // Continued fraction of the complement, from the far end.
            let mut fraction = 0.0;
            for n in (1..40).rev() {
                fraction = f64::from(n) / 2.0 / (z + fraction);
            }
            1.0 - (-z * z).exp() / (z + fraction) / std::f64::consts::PI.sqrt()
        };
        value.copysign(x)
    }

    #[test]
    fn the_error_function_is_near_that_of_64_bits() {
        for i in -70_000..70_000 {
            let x = i as f32 * 1e-4;
            let off = (f64::from(erf(x)) - slow_erf(f64::from(x))).abs();
            assert!(off < 1.2e-7, "erf({x}) is off by {off:e}");
        }
        assert_eq!([erf(0.0), erf(40.0), erf(-f32::INFINITY)], [0.0, 1.0, -1.0]);
        assert!(erf(f32::NAN).is_nan() && erf(1e-30) > 1.1e-30);
    }

    #[test]
    fn activations_have_their_known_values() {
        // torch.nn.functional, 64 bits: gelu, gelu(approximate="tanh"), silu at -3, -1, -0.1, 0.5, 2.
        let x = [-3.0, -1.0, -0.1, 0.5, 2.0];
        let of = |activation| {
            let mut x = x;
            activated(activation, &mut x);
            x
        };
        let near = |found: [f32; 5], wanted: [f32; 5]| {
            assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 2e-6), "{found:?} {wanted:?}");
        };
        near(of(Activation::Gelu), [-0.004_049_69, -0.158_655_25, -0.046_017_22, 0.345_731_23, 1.954_499_7]);
        near(of(Activation::GeluTanh), [-0.003_637_39, -0.158_808_01, -0.046_017_12, 0.345_714, 1.954_597_7]);
        near(of(Activation::Silu), [-0.142_277_62, -0.268_941_42, -0.047_502_08, 0.311_229_67, 1.761_594_2]);
    }

    #[test]
    fn softmax_sums_to_one_and_tells_the_logarithm() {
        let scores: Vec<f32> = (0..37).map(|i| (i as f32).sin() * 20.0).collect();
        let mut shares = scores.clone();
        let logarithm = softmax(&mut shares);
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        let wanted = scores.iter().map(|x| f64::from(*x).exp()).sum::<f64>().ln();
        assert!((f64::from(logarithm) - wanted).abs() < 1e-5 && (log_sum_exp(&scores) - wanted).abs() < 1e-6);
    }
}
