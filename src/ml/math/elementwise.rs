//! Functions of single numbers, and of a row of scores: activations, sums, softmax.

use crate::ml::spec::Activation;
use pulp::Arch;
use rayon::prelude::*;

/// Numbers that one task computes.
const PART: usize = 1 << 13;

/// `gate = activation(gate) * up`.
pub fn gated(activation: Activation, gate: &mut [f32], up: &[f32]) {
    gate.par_chunks_mut(PART).zip(up.par_chunks(PART)).for_each(|(gate, up)| {
        Arch::new().dispatch(|| {
            activate(activation, gate);
            gate.iter_mut().zip(up).for_each(|(gate, up)| *gate *= up);
        });
    });
}

/// `x = activation(x)`.
pub fn activated(activation: Activation, x: &mut [f32]) {
    x.par_chunks_mut(PART).for_each(|x| Arch::new().dispatch(|| activate(activation, x)));
}

#[inline(always)]
fn activate(activation: Activation, x: &mut [f32]) {
    match activation {
        Activation::Silu => x.iter_mut().for_each(|x| *x /= 1.0 + exp(-*x)),
        Activation::GeluTanh => x.iter_mut().for_each(|x| *x = gelu_tanh(*x)),
        Activation::Gelu => x.iter_mut().for_each(|x| *x = gelu(*x)),
    }
}

/// `x += y`.
pub fn add(x: &mut [f32], y: &[f32]) {
    x.par_chunks_mut(PART).zip(y.par_chunks(PART)).for_each(|(x, y)| {
        Arch::new().dispatch(|| x.iter_mut().zip(y).for_each(|(x, y)| *x += y));
    });
}

/// Adds `bias` to every row of `x`; nothing if it is empty.
pub fn add_bias(x: &mut [f32], bias: &[f32]) {
    if !bias.is_empty() {
        x.par_chunks_mut(bias.len()).for_each(|row| row.iter_mut().zip(bias).for_each(|(x, b)| *x += b));
    }
}

/// `x = exp(x) / sum(exp(x))`, and the logarithm of the sum.
#[inline(always)]
pub fn softmax(x: &mut [f32]) -> f32 {
    let most = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    x.iter_mut().for_each(|x| *x = exp(*x - most));
    let sum = sum(x);
    let factor = 1.0 / sum;
    x.iter_mut().for_each(|x| *x *= factor);
    most + sum.ln()
}

/// `ln(sum(exp(x)))`, in 64 bits.
pub fn log_sum_exp(x: &[f32]) -> f64 {
    let most = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    Arch::new().dispatch(|| {
        for part in x.chunks(1024) {
            let mut sums = [0f32; 16];
            let chunks = part.chunks_exact(16);
            let rest: f32 = chunks.remainder().iter().map(|x| exp(x - most)).sum();
            for x in chunks {
                for lane in 0..16 {
                    sums[lane] += exp(x[lane] - most);
                }
            }
            total += f64::from(sums.iter().sum::<f32>() + rest);
        }
    });
    f64::from(most) + total.ln()
}

#[inline(always)]
fn sum(x: &[f32]) -> f32 {
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
    let n = (x * std::f32::consts::LOG2_E + ROUND) - ROUND;
    // The product in two parts, so that nothing of `x - n ln 2` is lost.
    let f = (x - n * 0.693_359_4) + n * 2.121_944_4e-4;
    let p = 1.0
        + f * (1.0
            + f * (0.5 + f * (1.0 / 6.0 + f * (1.0 / 24.0 + f * (1.0 / 120.0 + f * (1.0 / 720.0 + f / 5040.0))))));
    p * f32::from_bits(((n as i32 + 127) as u32) << 23)
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

/// The error function to 32 bits: its Taylor series near zero, the continued fraction of its complement elsewhere.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let z = f64::from(x.abs());
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
    (value as f32).copysign(x)
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
