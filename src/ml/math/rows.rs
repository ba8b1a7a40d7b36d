//! Products row by row, for generating one token at a time. A result is the same whatever other rows and vectors are
//! computed with it: every sum is that of `lanes`, in one order, on every processor. Owns how rows are handed to threads.

use super::lanes::{InLanes, InRegisters, LANES, Lanes, dots};
use crate::ml::files::Blocks;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// The rows of a matrix, as they are kept.
#[derive(Clone, Copy, Debug)]
pub enum Rows<'a> {
    Dense { values: &'a [f32], columns: usize },
    Quantised(&'a Blocks),
}

impl Rows<'_> {
    /// How many there are, and how long they are.
    pub fn shape(&self) -> (usize, usize) {
        match self {
            Rows::Dense { values, columns } => (values.len() / columns, *columns),
            Rows::Quantised(blocks) => (blocks.rows, blocks.cols),
        }
    }

    /// Writes the values of rows `from..` into `out`, as many as fit.
    pub fn values(&self, from: usize, out: &mut [f32]) {
        match self {
            Rows::Dense { values, columns } => out.copy_from_slice(&values[from * columns..][..out.len()]),
            Rows::Quantised(blocks) => blocks.values(from, out),
        }
    }
}

impl Blocks {
    /// Writes the values of rows `from..` into `out`, as many as fit.
    pub fn values(&self, from: usize, out: &mut [f32]) {
        Arch::new().dispatch(Unpacking { blocks: self, from, out });
    }
}

struct Unpacking<'a> {
    blocks: &'a Blocks,
    from: usize,
    out: &'a mut [f32],
}

impl WithSimd for Unpacking<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Unpacking { blocks, from, out } = self;
        let first = from * blocks.cols / blocks.block;
        let codes = &blocks.codes[from * blocks.cols..];
        let each = out.chunks_exact_mut(blocks.block).zip(codes.chunks_exact(blocks.block));
        for (i, (out, codes)) in each.enumerate() {
            let scale = blocks.scales[first + i];
            // Not a fused product: the values are those that reading the file as numbers gives.
            match blocks.offsets.get(first + i) {
                Some(offset) => {
                    for (out, code) in out.iter_mut().zip(codes) {
                        *out = scale * f32::from(*code) + offset;
                    }
                }
                None => {
                    for (out, code) in out.iter_mut().zip(codes) {
                        *out = scale * f32::from(*code);
                    }
                }
            }
        }
    }
}

/// Numbers of a matrix that are worth a task of their own: about ten microseconds.
const TASK: usize = 1 << 16;

/// Tasks for each thread: more than one, because other work may hold a thread up.
const TASKS: usize = 4;

/// Places in a matrix that a task reads in turn: the processor fetches ahead at each. With one of them, two cores read two
/// thirds of what memory gives.
const STREAMS: usize = 4;

/// `out[i, r] = sum_c x[i, c] w[r, c]` for each `w: [rows, columns]` and its `out: [vectors, rows]`, all in one go.
///
/// # Panics
/// If the shapes do not fit together.
pub fn times(x: &[f32], products: Vec<(Rows<'_>, &mut [f32])>) {
    let all: usize = products.iter().map(|(w, _)| w.shape().0).sum();
    let mut tasks = Vec::new();
    for (w, out) in products {
        let (rows, columns) = w.shape();
        assert!(x.len().is_multiple_of(columns), "vectors are as long as rows");
        assert_eq!(out.len() * columns, x.len() * rows, "one result for every vector and row");
        let each = all.div_ceil(rayon::current_num_threads() * TASKS).max(TASK.div_ceil(columns));
        let parts = in_columns(out, rows, each).into_iter().enumerate();
        tasks.extend(parts.map(|(i, out)| Task { w, first: i * each, x, out }));
    }
    match tasks.len() {
        1 => tasks.into_iter().for_each(|task| Arch::new().dispatch(InLanes(task))),
        _ => tasks.into_par_iter().for_each(|task| Arch::new().dispatch(InLanes(task))),
    }
}

/// A matrix `[.., columns]` cut into parts of `each` columns: of every part its piece of every row.
pub fn in_columns(out: &mut [f32], columns: usize, each: usize) -> Vec<Vec<&mut [f32]>> {
    let mut parts: Vec<Vec<&mut [f32]>> = (0..columns.div_ceil(each)).map(|_| vec![]).collect();
    for row in out.chunks_exact_mut(columns.max(1)) {
        parts.iter_mut().zip(row.chunks_mut(each)).for_each(|(part, piece)| part.push(piece));
    }
    parts
}

/// Products of all vectors with the rows from `first` on.
struct Task<'a> {
    w: Rows<'a>,
    first: usize,
    x: &'a [f32],
    /// Of every vector, the results.
    out: Vec<&'a mut [f32]>,
}

impl InRegisters for Task<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(mut self, simd: S) {
        let sums = self.sums();
        let vectors = self.out.len();
        let rows = self.out.first().map_or(0, |out| out.len());
        let stream = rows.div_ceil(STREAMS);
        for turn in 0..stream * STREAMS {
            let row = turn % STREAMS * stream + turn / STREAMS;
            if row >= rows {
                continue;
            }
            let mut from = 0;
            while from + 4 <= vectors {
                self.row::<S, R, 4>(simd, row, from, &sums);
                from += 4;
            }
            if from + 2 <= vectors {
                self.row::<S, R, 2>(simd, row, from, &sums);
                from += 2;
            }
            if from < vectors {
                self.row::<S, R, 1>(simd, row, from, &sums);
            }
        }
    }
}

impl Task<'_> {
    /// Sums of the numbers of each block of the vectors, which offsets are multiplied with; none if there are no offsets.
    #[inline(always)]
    fn sums(&self) -> Vec<f32> {
        match self.w {
            Rows::Quantised(w) if !w.offsets.is_empty() => {
                self.x.chunks_exact(w.block).map(|part| part.iter().sum()).collect()
            }
            _ => vec![],
        }
    }

    /// One row with the vectors from `from` on.
    #[inline(always)]
    fn row<S: Simd, const R: usize, const V: usize>(&mut self, simd: S, row: usize, from: usize, sums: &[f32]) {
        let (at, columns) = (self.first + row, self.w.shape().1);
        let mut x: [&[f32]; V] = [&[]; V];
        for (x, own) in x.iter_mut().zip(self.x[from * columns..].chunks_exact(columns)) {
            *x = own;
        }
        let found = match self.w {
            Rows::Dense { values, .. } => dots::<S, R, V>(simd, &values[at * columns..][..columns], x),
            Rows::Quantised(w) => {
                let count = columns / w.block;
                let codes = &w.codes[at * columns..][..columns];
                let scales = &w.scales[at * count..][..count];
                let mut found = match w.block {
                    16 => dots_blocks::<S, R, V, 16>(simd, codes, scales, x),
                    _ => dots_blocks::<S, R, V, 32>(simd, codes, scales, x),
                };
                if !sums.is_empty() {
                    let mut own: [&[f32]; V] = [&[]; V];
                    for v in 0..V {
                        own[v] = &sums[(from + v) * count..][..count];
                    }
                    let added = dots::<S, R, V>(simd, &w.offsets[at * count..][..count], own);
                    for v in 0..V {
                        found[v] += added[v];
                    }
                }
                found
            }
        };
        for (out, found) in self.out[from..].iter_mut().zip(found) {
            out[row] = found;
        }
    }
}

/// Scalar products of a row's codes, each block times its scale, with several vectors.
#[inline(always)]
fn dots_blocks<S: Simd, const R: usize, const V: usize, const B: usize>(
    simd: S,
    codes: &[i8],
    scales: &[f32],
    x: [&[f32]; V],
) -> [f32; V] {
    let codes = codes.as_chunks::<B>().0;
    let mut blocks: [&[[f32; B]]; V] = [&[]; V];
    for v in 0..V {
        blocks[v] = &x[v].as_chunks::<B>().0[..codes.len()];
    }
    let mut sums = [Lanes::<S, R>::splat(simd, 0.0); V];
    for (i, (codes, scale)) in codes.iter().zip(scales).enumerate() {
        let mut part = [Lanes::<S, R>::splat(simd, 0.0); V];
        for (j, codes) in codes.as_chunks::<LANES>().0.iter().enumerate() {
            let codes = Lanes::of_codes(simd, codes);
            for v in 0..V {
                part[v].add_product(simd, &codes, &Lanes::load(simd, &blocks[v][i].as_chunks::<LANES>().0[j]));
            }
        }
        let scale = Lanes::splat(simd, *scale);
        for v in 0..V {
            sums[v].add_product(simd, &scale, &part[v]);
        }
    }
    let mut out = [0.0; V];
    for v in 0..V {
        out[v] = sums[v].total();
    }
    out
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
            let rows = Rows::Dense { values: &values, columns };
            times(&x, vec![(rows, &mut dense[..]), (Rows::Quantised(&w), &mut quantised[..])]);
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
        times(&x, vec![(Rows::Dense { values: &w, columns }, &mut together[..])]);
        for i in 0..5 {
            let mut alone = vec![0.0; rows];
            times(&x[i * columns..(i + 1) * columns], vec![(Rows::Dense { values: &w, columns }, &mut alone[..])]);
            assert_eq!(alone, together[i * rows..(i + 1) * rows]);
        }
    }
}
