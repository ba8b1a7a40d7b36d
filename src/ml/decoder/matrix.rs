//! A weight matrix: as 32-bit numbers or as it was quantised. Owns the choice between the two kinds of products.

use crate::ml::files::Blocks;
use crate::ml::math::many::{self, Panels};
use crate::ml::math::rows::{self, Rows};

/// Which kind of product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Fast for many rows. A row's last bits may depend on how many there are.
    Together,
    /// Every row as if it were alone.
    RowByRow,
}

/// A matrix `[rows, columns]` that vectors are multiplied with from the left: `out = x w^T`.
#[derive(Debug)]
pub enum Matrix {
    Dense { rows: usize, columns: usize, values: Vec<f32> },
    Quantised(Blocks),
}

/// Vectors that are not worth packing.
const FEW: usize = 8;

impl Matrix {
    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        self.rows().shape()
    }

    /// The rows, as they are kept.
    pub fn rows(&self) -> Rows<'_> {
        match self {
            Matrix::Dense { columns, values, .. } => Rows::Dense { values, columns: *columns },
            Matrix::Quantised(blocks) => Rows::Quantised(blocks),
        }
    }

    /// `[vectors, columns]` times the transpose: `[vectors, rows]`.
    pub fn times(&self, x: &[f32], how: How) -> Vec<f32> {
        let [out] = times_each([self], x, how);
        out
    }

    /// Row `at` into `out`.
    pub fn row(&self, at: usize, out: &mut [f32]) {
        self.rows().values(at, out);
    }
}

/// The products of the same vectors with several matrices: threads wait for each other once.
pub fn times_each<const N: usize>(matrices: [&Matrix; N], x: &[f32], how: How) -> [Vec<f32>; N] {
    let columns = matrices[0].shape().1;
    let vectors = x.len() / columns;
    let mut out = matrices.map(|matrix| vec![0.0; vectors * matrix.shape().0]);
    let products = matrices.iter().zip(&mut out).map(|(matrix, out)| (matrix.rows(), &mut out[..])).collect();
    match how {
        How::Together if vectors > FEW => many::times(&Panels::new(x, columns), products),
        _ => rows::times(x, products),
    }
    out
}
