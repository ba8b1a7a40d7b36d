//! Products row by row, for generating one token at a time. A result is the same whatever other rows are computed with
//! it: every sum has sixteen partial sums in a fixed order, on every processor.

use crate::ml::files::Blocks;
use pulp::Arch;
use rayon::prelude::*;

impl Blocks {
    /// Writes the values of rows `from..` into `out`, as many as fit.
    pub fn values(&self, from: usize, out: &mut [f32]) {
        let blocks = self.cols / self.block;
        let first = from * blocks;
        let codes = &self.codes[from * self.cols..];
        Arch::new().dispatch(|| {
            for (i, (out, codes)) in out.chunks_mut(self.block).zip(codes.chunks(self.block)).enumerate() {
                let scale = self.scales[first + i];
                let offset = self.offsets.get(first + i).copied().unwrap_or(0.0);
                out.iter_mut().zip(codes).for_each(|(out, code)| *out = scale * f32::from(*code) + offset);
            }
        });
    }
}

/// Rows of a matrix that one task computes.
const ROWS: usize = 64;

/// Partial sums.
const LANES: usize = 16;

/// `out[i, r] = sum_c x[i, c] w[r, c]` for `w: [rows, columns]`.
pub fn times_dense(x: &[f32], w: &[f32], columns: usize, out: &mut [f32]) {
    let rows = w.len() / columns;
    in_tasks(x, columns, rows, out, |row, _, x| dot(&w[row * columns..(row + 1) * columns], x));
}

/// The same for a quantised matrix.
pub fn times_blocks(x: &[f32], w: &Blocks, out: &mut [f32]) {
    let sums: Vec<f32> = match w.offsets.is_empty() {
        true => vec![],
        false => x.chunks(w.block).map(|part| part.iter().sum()).collect(),
    };
    let blocks = w.cols / w.block;
    in_tasks(x, w.cols, w.rows, out, |row, vector, x| {
        let codes = &w.codes[row * w.cols..(row + 1) * w.cols];
        let scales = &w.scales[row * blocks..(row + 1) * blocks];
        let product = dot_blocks(codes, scales, w.block, x);
        if w.offsets.is_empty() {
            return product;
        }
        product + dot(&w.offsets[row * blocks..(row + 1) * blocks], &sums[vector * blocks..(vector + 1) * blocks])
    });
}

/// Runs `of(row, vector, x)` for every row and every vector of `x`, in parallel over rows.
fn in_tasks(x: &[f32], columns: usize, rows: usize, out: &mut [f32], of: impl Fn(usize, usize, &[f32]) -> f32 + Sync) {
    let vectors = x.len() / columns;
    assert_eq!(out.len(), vectors * rows, "one result for every vector and row");
    let tasks: Vec<usize> = (0..rows).step_by(ROWS).collect();
    let parts: Vec<Vec<f32>> = tasks
        .into_par_iter()
        .map(|first| {
            let mut part = Vec::with_capacity(ROWS * vectors);
            Arch::new().dispatch(|| {
                for row in first..(first + ROWS).min(rows) {
                    part.extend(x.chunks_exact(columns).enumerate().map(|(vector, x)| of(row, vector, x)));
                }
            });
            part
        })
        .collect();
    for (i, value) in parts.into_iter().flatten().enumerate() {
        out[i % vectors * rows + i / vectors] = value;
    }
}

/// Scalar product.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0f32; LANES];
    let (mut a, mut b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    for (a, b) in (&mut a).zip(&mut b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    total(&sums) + rest
}

#[inline(always)]
fn dot_blocks(codes: &[i8], scales: &[f32], block: usize, x: &[f32]) -> f32 {
    let mut sums = [0f32; LANES];
    for ((codes, x), scale) in codes.chunks_exact(block).zip(x.chunks_exact(block)).zip(scales) {
        let mut part = [0f32; LANES];
        for (codes, x) in codes.chunks_exact(LANES).zip(x.chunks_exact(LANES)) {
            for lane in 0..LANES {
                part[lane] += f32::from(codes[lane]) * x[lane];
            }
        }
        for lane in 0..LANES {
            sums[lane] += scale * part[lane];
        }
    }
    total(&sums)
}

/// The sum of the partial sums, in pairs.
#[inline(always)]
fn total(sums: &[f32; LANES]) -> f32 {
    let mut sums = *sums;
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            sums[lane] += sums[lane + half];
        }
        half /= 2;
    }
    sums[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(i: usize) -> f32 {
        ((i * 7919 + 13) % 101) as f32 / 50.0 - 1.0
    }

    #[test]
    fn quantised_rows_are_the_rows_of_their_values() {
        let (rows, columns) = (130, 96);
        for (block, has_offsets) in [(32, true), (32, false), (16, false)] {
            let blocks = rows * columns / block;
            let offsets = if has_offsets { (0..blocks).map(|i| number(i + 3) / 4.0).collect() } else { vec![] };
            let codes = (0..rows * columns).map(|i| ((i * 31) % 255) as u8 as i8).collect();
            let scales = (0..blocks).map(|i| number(i) / 100.0).collect();
            let w = Blocks { rows, cols: columns, block, scales, offsets, codes };
            let x: Vec<f32> = (0..3 * columns).map(number).collect();
            let mut values = vec![0.0; rows * columns];
            w.values(0, &mut values);
            let (mut dense, mut quantised) = (vec![0.0; 3 * rows], vec![0.0; 3 * rows]);
            times_dense(&x, &values, columns, &mut dense);
            times_blocks(&x, &w, &mut quantised);
            for (a, b) in dense.iter().zip(&quantised) {
                assert!((a - b).abs() < 1e-4, "{a} and {b}");
            }
            let mut third = vec![0.0; columns];
            w.values(2, &mut third);
            assert_eq!(third, values[2 * columns..3 * columns]);
        }
    }

    #[test]
    fn a_row_does_not_depend_on_its_company() {
        let (rows, columns) = (100, 70);
        let w: Vec<f32> = (0..rows * columns).map(number).collect();
        let x: Vec<f32> = (0..5 * columns).map(|i| number(i + 1)).collect();
        let mut together = vec![0.0; 5 * rows];
        times_dense(&x, &w, columns, &mut together);
        for i in 0..5 {
            let mut alone = vec![0.0; rows];
            times_dense(&x[i * columns..(i + 1) * columns], &w, columns, &mut alone);
            assert_eq!(alone, together[i * rows..(i + 1) * rows]);
        }
    }
}
