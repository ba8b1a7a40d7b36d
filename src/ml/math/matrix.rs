//! Matrices of weights in the order in which products read them: panels of sixteen rows, of each panel its columns one
//! after the other. Owns the order and the ways in and out of it; the arithmetic is `products`'.
//!
//! Sixteen results then grow side by side, one register wide, each the sum of its products in the order of columns. So a
//! result does not depend on how many vectors are multiplied at once, and one layout serves one vector and many, gradients
//! and steps of an optimizer.

use super::lanes::LANES;
use crate::ml::files::Blocks;
use rayon::prelude::*;
use std::ops::{Deref, DerefMut};

/// Rows of a panel.
pub const HEIGHT: usize = LANES;

/// A column of a panel: a line of the processor's cache.
pub type Line = [f32; HEIGHT];

/// A column of a quantised panel.
pub type CodeLine = [i8; HEIGHT];

/// Numbers that begin where a line of the cache does.
#[derive(Debug, Default)]
pub struct Aligned {
    buffer: Vec<f32>,
    start: usize,
    length: usize,
}

/// Numbers that the allocator asks the system for, which gives pages out as they are touched.
const LARGE: usize = 1 << 22;

impl Aligned {
    /// So many zeros.
    pub fn zeros(length: usize) -> Aligned {
        let line = size_of::<Line>() / size_of::<f32>();
        let mut buffer = vec![0.0; length + line];
        // A page that is read before it is written is given out twice, and the second time all threads stop to forget the first:
        // moments of optimizers are read first.
        if length > LARGE {
            buffer.par_chunks_mut(LARGE).for_each(|part| part.fill(0.0));
        }
        let start = buffer.as_ptr().align_offset(size_of::<Line>()).min(line);
        Aligned { buffer, start, length }
    }
}

impl Clone for Aligned {
    fn clone(&self) -> Self {
        let mut copy = Aligned::zeros(self.length);
        copy.copy_from_slice(self);
        copy
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.buffer[self.start..][..self.length]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.buffer[self.start..][..self.length]
    }
}

/// A matrix `[rows, columns]` that vectors are multiplied with from the left: `out = x w^T`. Rows that fill the last panel
/// are zeros.
#[derive(Clone, Debug)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    numbers: Numbers,
}

/// The numbers of a matrix.
#[derive(Clone, Debug)]
pub enum Numbers {
    Dense(Aligned),
    /// As the file had them, without loss: a value is `scale * code + offset`, computed in this order.
    Coded(Codes),
}

/// Quantised numbers.
#[derive(Clone, Debug)]
pub struct Codes {
    /// Columns of a row that share a scale.
    pub block: usize,
    /// `columns / block` for each panel.
    pub scales: Vec<Line>,
    /// The same, or empty.
    pub offsets: Vec<Line>,
    /// `columns` for each panel.
    pub codes: Vec<CodeLine>,
}

impl Matrix {
    /// Zeros.
    pub fn zeros(rows: usize, columns: usize) -> Matrix {
        let numbers = Aligned::zeros(rows.next_multiple_of(HEIGHT) * columns);
        Matrix { rows, columns, numbers: Numbers::Dense(numbers) }
    }

    /// The matrix of these numbers, which are row-major.
    ///
    /// # Panics
    /// If there are not `rows * columns`.
    pub fn dense(values: &[f32], rows: usize, columns: usize) -> Matrix {
        assert_eq!(values.len(), rows * columns, "a matrix has its numbers");
        let mut matrix = Matrix::zeros(rows, columns);
        let panels = matrix.lines_mut().par_chunks_mut(columns.max(1));
        panels.zip(values.par_chunks((HEIGHT * columns).max(1))).for_each(|(panel, rows)| turn(rows, columns, panel));
        matrix
    }

    /// The same quantised matrix.
    pub fn coded(blocks: &Blocks) -> Matrix {
        let Blocks { rows, cols: columns, block, .. } = *blocks;
        let panels = rows.div_ceil(HEIGHT);
        let mut codes = vec![[0; HEIGHT]; panels * columns];
        let rows_of = HEIGHT * columns;
        codes
            .par_chunks_mut(columns)
            .zip(blocks.codes.par_chunks(rows_of))
            .for_each(|(panel, rows)| turn(rows, columns, panel));
        let shared = |values: &[f32]| {
            let count = columns / block;
            let mut lines = vec![[0.0; HEIGHT]; if values.is_empty() { 0 } else { panels * count }];
            lines
                .par_chunks_mut(count)
                .zip(values.par_chunks(HEIGHT * count))
                .for_each(|(panel, rows)| turn(rows, count, panel));
            lines
        };
        let codes = Codes { block, scales: shared(&blocks.scales), offsets: shared(&blocks.offsets), codes };
        Matrix { rows, columns, numbers: Numbers::Coded(codes) }
    }

    /// The matrix with its numbers as 32-bit floats.
    pub fn unpacked(self) -> Matrix {
        let Matrix { rows, columns, numbers: Numbers::Coded(codes) } = &self else { return self };
        let mut dense = Matrix::zeros(*rows, *columns);
        let panels = dense.lines_mut().par_chunks_mut(*columns).enumerate();
        panels.for_each(|(p, panel)| codes.unpack(*columns, p, panel));
        dense
    }

    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// Panels.
    pub fn panels(&self) -> usize {
        self.rows.div_ceil(HEIGHT)
    }

    /// True if its numbers are 32-bit floats.
    pub fn is_dense(&self) -> bool {
        matches!(self.numbers, Numbers::Dense(_))
    }

    /// The numbers, as they are kept.
    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// The numbers of a dense matrix, panel by panel, column by column.
    ///
    /// # Panics
    /// If the matrix is quantised.
    pub fn lines(&self) -> &[Line] {
        match &self.numbers {
            Numbers::Dense(numbers) => numbers.as_chunks().0,
            Numbers::Coded(_) => panic!("a quantised matrix has no floats"),
        }
    }

    /// As [`Matrix::lines`], to be changed. Rows that fill the last panel must stay zeros.
    ///
    /// # Panics
    /// If the matrix is quantised.
    pub fn lines_mut(&mut self) -> &mut [Line] {
        self.flat_mut().as_chunks_mut().0
    }

    /// The same numbers one after the other, those that fill the last panel among them.
    ///
    /// # Panics
    /// If the matrix is quantised.
    pub fn flat_mut(&mut self) -> &mut [f32] {
        match &mut self.numbers {
            Numbers::Dense(numbers) => numbers,
            Numbers::Coded(_) => panic!("a quantised matrix has no floats"),
        }
    }

    /// Writes row `at` into `out`.
    pub fn row(&self, at: usize, out: &mut [f32]) {
        let (panel, i) = (at / HEIGHT, at % HEIGHT);
        match &self.numbers {
            Numbers::Dense(_) => {
                let panel = &self.lines()[panel * self.columns..][..self.columns];
                out.iter_mut().zip(panel).for_each(|(out, line)| *out = line[i]);
            }
            Numbers::Coded(codes) => {
                let panel_codes = &codes.codes[panel * self.columns..][..self.columns];
                let first = panel * (self.columns / codes.block);
                let blocks = out.chunks_mut(codes.block).zip(panel_codes.chunks(codes.block));
                for (b, (out, lines)) in blocks.enumerate() {
                    let scale = codes.scales[first + b][i];
                    let offset = codes.offsets.get(first + b).map(|line| line[i]);
                    for (out, line) in out.iter_mut().zip(lines) {
                        let value = scale * f32::from(line[i]);
                        *out = offset.map_or(value, |offset| value + offset);
                    }
                }
            }
        }
    }

    /// Adds `factor * values` to row `at` of a dense matrix.
    pub fn add_to_row(&mut self, at: usize, factor: f32, values: &[f32]) {
        let (first, i) = (at / HEIGHT * self.columns, at % HEIGHT);
        let lines = self.lines_mut()[first..].iter_mut();
        lines.zip(values).for_each(|(line, value)| line[i] += factor * value);
    }

    /// All numbers, row-major.
    pub fn values(&self) -> Vec<f32> {
        let mut values = vec![0.0; self.rows * self.columns];
        values.par_chunks_mut(self.columns.max(1)).enumerate().for_each(|(at, row)| self.row(at, row));
        values
    }
}

/// Writes rows that follow each other, up to sixteen of them, into the columns of a panel.
fn turn<T: Copy>(rows: &[T], columns: usize, panel: &mut [[T; HEIGHT]]) {
    // Squares of sixteen: what is read and what is written stays at hand.
    for (square, from) in panel.chunks_mut(HEIGHT).zip((0..columns).step_by(HEIGHT)) {
        for (i, row) in rows.chunks_exact(columns).enumerate() {
            match (square.first_chunk_mut::<HEIGHT>(), row[from..].first_chunk::<HEIGHT>()) {
                (Some(square), Some(row)) => {
                    for c in 0..HEIGHT {
                        square[c][i] = row[c];
                    }
                }
                _ => square.iter_mut().zip(&row[from..]).for_each(|(column, x)| column[i] = *x),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(i: usize) -> f32 {
        ((i * 7919 + 13) % 101) as f32 / 50.0 - 1.0
    }

    #[test]
    fn numbers_come_back_as_they_went_in() {
        for (rows, columns) in [(1, 1), (16, 3), (37, 20), (5, 64)] {
            let values: Vec<f32> = (0..rows * columns).map(number).collect();
            let matrix = Matrix::dense(&values, rows, columns);
            assert_eq!((matrix.values(), matrix.shape()), (values, (rows, columns)));
        }
    }

    #[test]
    fn codes_are_the_values_of_their_blocks() {
        let (rows, columns) = (37, 96);
        for (block, has_offsets) in [(32, true), (32, false), (16, false)] {
            let count = rows * columns / block;
            let offsets: Vec<f32> =
                if has_offsets { (0..count).map(|i| number(i + 3) / 4.0).collect() } else { vec![] };
            let codes: Vec<i8> = (0..rows * columns).map(|i| ((i * 31) % 255) as u8 as i8).collect();
            let scales: Vec<f32> = (0..count).map(|i| number(i) / 100.0).collect();
            let blocks = Blocks { rows, cols: columns, block, scales, offsets, codes };
            let value = |i: usize| {
                let product = blocks.scales[i / block] * f32::from(blocks.codes[i]);
                blocks.offsets.get(i / block).map_or(product, |offset| product + offset)
            };
            let wanted: Vec<f32> = (0..rows * columns).map(value).collect();
            let matrix = Matrix::coded(&blocks);
            assert_eq!(matrix.values(), wanted);
            assert_eq!(matrix.unpacked().values(), wanted);
        }
    }
}
