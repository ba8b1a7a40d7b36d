//! Linear maps: a matrix, a bias, and the low-rank addition of an adapter. Owns how their products are put together.

use crate::ml::math::elementwise;
use crate::ml::math::matrix::Matrix;
use crate::ml::math::products::{Order, add_times, times};
use rayon::prelude::*;
use std::borrow::Cow;

/// `y = W x + b`, and `s B A x` where it is adapted. The bias is empty if there is none.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    pub matrix: Matrix,
    pub bias: Vec<f32>,
    pub low_rank: Option<LowRank>,
}

/// A low-rank addition to a matrix (Hu et al. 2021).
#[derive(Clone, Debug)]
pub(super) struct LowRank {
    /// `[rank, in]`.
    pub a: Matrix,
    /// `[out, rank]`.
    pub b: Matrix,
    /// Factor of their product.
    pub scaling: f32,
    /// What training leaves out of `x`.
    pub dropout: Option<Dropout>,
}

/// Inputs that are left out at random, the others scaled up in turn (Srivastava et al. 2014). Which ones depends on the key
/// and on their place alone, so that a backward pass leaves out the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout {
    /// Of an input to be left out.
    pub probability: f32,
    pub key: u64,
}

impl LowRank {
    /// What `A` sees of vectors, and what it hands back of their gradient: all of them, unless training leaves some out.
    pub fn seen<'a>(&self, x: &'a [f32]) -> Cow<'a, [f32]> {
        match self.dropout {
            None => Cow::Borrowed(x),
            Some(dropout) => Cow::Owned(dropout.apply(x)),
        }
    }

    /// `s A x`, `[vectors, rank]`.
    pub fn inner(&self, x: &[f32], order: Order) -> Vec<f32> {
        let (rank, columns) = self.a.shape();
        let mut inner = vec![0.0; x.len() / columns * rank];
        times(x, vec![(&self.a, &mut inner[..])], order);
        inner.iter_mut().for_each(|x| *x *= self.scaling);
        inner
    }
}

impl Dropout {
    /// Numbers of a task.
    const PART: usize = 1 << 14;

    fn apply(self, x: &[f32]) -> Vec<f32> {
        let factor = 1.0 / (1.0 - self.probability);
        // 32 random bits below this are left out.
        let bound = (f64::from(self.probability) * f64::from(u32::MAX)) as u32;
        let mut out = vec![0.0; x.len()];
        let parts = out.par_chunks_mut(Self::PART).zip(x.par_chunks(Self::PART)).enumerate();
        parts.for_each(|(part, (out, x))| {
            for (i, (out, x)) in out.iter_mut().zip(x).enumerate() {
                if mixed(self.key, (part * Self::PART + i) as u64) >= bound {
                    *out = x * factor;
                }
            }
        });
        out
    }
}

/// Random bits of a place: the finaliser of SplitMix64 (Steele et al. 2014).
fn mixed(key: u64, place: u64) -> u32 {
    let z = key.wrapping_add(place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z >> 32) as u32
}

impl Linear {
    pub fn apply(&self, x: &[f32], order: Order) -> Vec<f32> {
        let [out] = apply_each([self], x, order);
        out
    }
}

/// Several linear maps of the same vectors.
pub(super) fn apply_each<const N: usize>(linear: [&Linear; N], x: &[f32], order: Order) -> [Vec<f32>; N] {
    let vectors = x.len() / linear[0].matrix.shape().1;
    let mut out = linear.map(|linear| vec![0.0; vectors * linear.matrix.shape().0]);
    // All in one go: threads wait for each other once.
    times(x, linear.iter().zip(&mut out).map(|(linear, out)| (&linear.matrix, &mut out[..])).collect(), order);
    for (linear, out) in linear.iter().zip(&mut out) {
        elementwise::add_bias(out, &linear.bias);
        if let Some(low_rank) = &linear.low_rank {
            add_times(&low_rank.inner(&low_rank.seen(x), order), &low_rank.b, out, order);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropout_leaves_out_its_share_and_keeps_the_mean() {
        let x = vec![1.0; 100_000];
        for probability in [0.1, 0.5] {
            let out = Dropout { probability, key: 7 }.apply(&x);
            let left_out = out.iter().filter(|x| **x == 0.0).count() as f32 / 1e5;
            let mean = out.iter().sum::<f32>() / 1e5;
            assert!((left_out - probability).abs() < 0.01 && (mean - 1.0).abs() < 0.02, "{left_out}, {mean}");
            assert_ne!(out, Dropout { probability, key: 8 }.apply(&x));
        }
    }
}
