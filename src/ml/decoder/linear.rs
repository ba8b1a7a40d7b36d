//! Linear maps: a matrix, a bias, and the low-rank addition of an adapter. Owns how their products are put together.

use crate::ml::math::elementwise;
use crate::ml::math::matrix::Matrix;
use crate::ml::math::products::{add_times, times};

/// `y = W x + b`, and `s B A x` where it is adapted. The bias is empty if there is none.
#[derive(Debug)]
pub(super) struct Linear {
    pub matrix: Matrix,
    pub bias: Vec<f32>,
    pub low_rank: Option<LowRank>,
}

/// A low-rank addition to a matrix (Hu et al. 2021).
#[derive(Debug)]
pub(super) struct LowRank {
    /// `[rank, in]`.
    pub a: Matrix,
    /// `[out, rank]`.
    pub b: Matrix,
    /// Factor of their product: `alpha / rank`.
    pub scaling: f32,
}

impl LowRank {
    /// `s A x`, `[vectors, rank]`.
    pub fn inner(&self, x: &[f32]) -> Vec<f32> {
        let (rank, columns) = self.a.shape();
        let mut inner = vec![0.0; x.len() / columns * rank];
        times(x, vec![(&self.a, &mut inner[..])]);
        inner.iter_mut().for_each(|x| *x *= self.scaling);
        inner
    }
}

impl Linear {
    pub fn apply(&self, x: &[f32]) -> Vec<f32> {
        let [out] = apply_each([self], x);
        out
    }
}

/// Several linear maps of the same vectors.
pub(super) fn apply_each<const N: usize>(linear: [&Linear; N], x: &[f32]) -> [Vec<f32>; N] {
    let vectors = x.len() / linear[0].matrix.shape().1;
    let mut out = linear.map(|linear| vec![0.0; vectors * linear.matrix.shape().0]);
    // All in one go: threads wait for each other once.
    times(x, linear.iter().zip(&mut out).map(|(linear, out)| (&linear.matrix, &mut out[..])).collect());
    for (linear, out) in linear.iter().zip(&mut out) {
        elementwise::add_bias(out, &linear.bias);
        if let Some(low_rank) = &linear.low_rank {
            add_times(&low_rank.inner(x), &low_rank.b, out);
        }
    }
    out
}
