//! A weight matrix: as 32-bit numbers or as it was quantised. Owns the choice between the two kinds of products.

use crate::ml::files::Blocks;
use crate::ml::math::product::{View, product};
use crate::ml::math::rows::{times_blocks, times_dense};

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

/// Numbers of a quantised matrix that are unpacked at a time.
const UNPACKED: usize = 1 << 20;

impl Matrix {
    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        match self {
            Matrix::Dense { rows, columns, .. } => (*rows, *columns),
            Matrix::Quantised(blocks) => (blocks.rows, blocks.cols),
        }
    }

    /// `[vectors, columns]` times the transpose: `[vectors, rows]`.
    pub fn times(&self, x: &[f32], how: How) -> Vec<f32> {
        let (rows, columns) = self.shape();
        let vectors = x.len() / columns;
        let mut out = vec![0.0; vectors * rows];
        match (self, how) {
            (Matrix::Dense { values, .. }, How::RowByRow) => times_dense(x, values, columns, &mut out),
            (Matrix::Quantised(blocks), How::RowByRow) => times_blocks(x, blocks, &mut out),
            (Matrix::Dense { values, .. }, How::Together) => {
                let w = View::new(values, rows, columns).transposed();
                product(View::new(x, vectors, columns), w, 1.0, &mut out, rows, false, true);
            }
            (Matrix::Quantised(blocks), How::Together) => {
                let at_once = (UNPACKED / columns).clamp(1, rows);
                let mut values = vec![0.0; at_once * columns];
                for from in (0..rows).step_by(at_once) {
                    let count = at_once.min(rows - from);
                    blocks.values(from, &mut values[..count * columns]);
                    let w = View::new(&values[..count * columns], count, columns).transposed();
                    product(View::new(x, vectors, columns), w, 1.0, &mut out[from..], rows, false, true);
                }
            }
        }
        out
    }

    /// Row `at` into `out`.
    pub fn row(&self, at: usize, out: &mut [f32]) {
        match self {
            Matrix::Dense { columns, values, .. } => out.copy_from_slice(&values[at * columns..(at + 1) * columns]),
            Matrix::Quantised(blocks) => blocks.values(at, out),
        }
    }
}
