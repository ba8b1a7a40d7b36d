//! Products of many vectors with the rows of a matrix, `x w^T`, as fast as the processor allows. A result may depend in
//! its last bits on how many vectors there are. Owns the blocking: vectors are packed into panels as wide as three
//! registers, a task has a block of rows that stays in its core's cache, and eight rows meet a panel in registers.

use super::rows::{Rows, in_columns};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Rows that meet a panel at a time.
const GROUP: usize = 8;

/// Registers that the vectors of a panel take.
const REGISTERS: usize = 3;

/// Numbers in the rows of a task.
const BLOCK: usize = 1 << 16;

/// Bytes of a line of the cache: panels begin with one.
const LINE: usize = 64;

/// Vectors in panels: of each panel the first numbers of its vectors, then their second ones, and so on.
pub struct Panels {
    buffer: Vec<f32>,
    /// Where the first panel begins.
    start: usize,
    vectors: usize,
    columns: usize,
    /// Numbers of a register.
    lanes: usize,
}

impl Panels {
    /// Packs `x: [vectors, columns]`.
    pub fn new(x: &[f32], columns: usize) -> Panels {
        let vectors = x.len() / columns;
        let lanes = Arch::new().dispatch(RegisterWidth);
        let width = lanes * REGISTERS;
        // The last panel is as wide as it must be.
        let padded = vectors.next_multiple_of(lanes);
        let mut buffer = vec![0.0; padded * columns + LINE / size_of::<f32>()];
        let start = buffer.as_ptr().align_offset(LINE).min(LINE / size_of::<f32>());
        let panels = buffer[start..start + padded * columns].par_chunks_mut(width * columns);
        panels.zip(x.par_chunks(width * columns)).for_each(|(panel, x)| {
            let width = panel.len() / columns;
            // A few columns at a time, so that the lines that are written to stay at hand.
            for from in (0..columns).step_by(LINE / size_of::<f32>()) {
                let to = columns.min(from + LINE / size_of::<f32>());
                for (v, x) in x.chunks_exact(columns).enumerate() {
                    for (out, x) in panel[from * width..to * width].chunks_exact_mut(width).zip(&x[from..to]) {
                        out[v] = *x;
                    }
                }
            }
        });
        Panels { buffer, start, vectors, columns, lanes }
    }

    /// How many vectors there are.
    pub fn vectors(&self) -> usize {
        self.vectors
    }
}

struct RegisterWidth;

impl WithSimd for RegisterWidth {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::F32_LANES
    }
}

/// What is done with products as they come.
pub trait Sink: Send {
    /// Takes products of `rows` rows from `row` on with the vectors from `vector` on: of each row, `tile[i * width..]`.
    /// Rows count from the first that the sink was begun for. Implementations are `#[inline(always)]`.
    fn take(&mut self, row: usize, rows: usize, vector: usize, vectors: usize, tile: &mut [f32], width: usize);
}

/// Writes products to `[vectors, rows]`.
struct Storing<'a> {
    /// Of every vector, the results of the task's rows.
    out: Vec<&'a mut [f32]>,
}

impl Sink for Storing<'_> {
    #[inline(always)]
    fn take(&mut self, row: usize, rows: usize, vector: usize, vectors: usize, tile: &mut [f32], width: usize) {
        for (v, out) in self.out[vector..vector + vectors].iter_mut().enumerate() {
            let out = &mut out[row..row + rows];
            for (i, out) in out.iter_mut().enumerate() {
                *out = tile[i * width + v];
            }
        }
    }
}

/// `out[i, r] = sum_c x[i, c] w[r, c]` for each `w: [rows, columns]` and its `out: [vectors, rows]`, all in one go.
///
/// # Panics
/// If the shapes do not fit together.
pub fn times(x: &Panels, products: Vec<(Rows<'_>, &mut [f32])>) {
    let mut tasks = Vec::new();
    for (w, out) in products {
        let (rows, columns) = w.shape();
        assert_eq!(columns, x.columns, "vectors are as long as rows");
        assert_eq!(out.len(), x.vectors * rows, "one result for every vector and row");
        let each = rows_of_task(columns);
        let parts = in_columns(out, rows, each).into_iter().enumerate();
        tasks.extend(parts.map(|(i, out)| (w, i * each, each.min(rows - i * each), Storing { out })));
    }
    tasks.into_par_iter().for_each_init(Vec::new, |unpacked, (w, first, rows, mut sink)| {
        Arch::new().dispatch(Task { x, w, first, rows, offset: 0, unpacked, sink: &mut sink });
    });
}

/// Blocks of rows that a sink of [`through`] takes.
const BLOCKS: usize = 8;

/// Runs through all rows of a matrix in parallel. What `begin` began, given the first row, takes the products of many rows;
/// all that were begun come back in order.
pub fn through<T: Sink>(x: &Panels, w: Rows<'_>, begin: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (rows, columns) = w.shape();
    assert_eq!(columns, x.columns, "vectors are as long as rows");
    let each = rows_of_task(columns);
    let starts: Vec<usize> = (0..rows).step_by(each * BLOCKS).collect();
    let run = |unpacked: &mut Vec<f32>, start: usize| {
        let mut sink = begin(start);
        for first in (start..rows.min(start + each * BLOCKS)).step_by(each) {
            let (rows, offset) = (each.min(rows - first), first - start);
            Arch::new().dispatch(Task { x, w, first, rows, offset, unpacked, sink: &mut sink });
        }
        sink
    };
    starts.into_par_iter().map_init(Vec::new, run).collect()
}

fn rows_of_task(columns: usize) -> usize {
    (BLOCK / columns).next_multiple_of(GROUP).max(GROUP)
}

struct Task<'a, T> {
    x: &'a Panels,
    w: Rows<'a>,
    first: usize,
    rows: usize,
    /// What the sink calls the first row.
    offset: usize,
    unpacked: &'a mut Vec<f32>,
    sink: &'a mut T,
}

impl<T: Sink> WithSimd for Task<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Task { x, w, first, rows, offset, unpacked, sink } = self;
        let columns = x.columns;
        let whole = rows.next_multiple_of(GROUP);
        let w: &[f32] = match w {
            Rows::Dense { values, .. } if whole == rows => &values[first * columns..][..rows * columns],
            _ => {
                unpacked.resize(whole * columns, 0.0);
                w.values(first, &mut unpacked[..rows * columns]);
                unpacked
            }
        };
        let width = REGISTERS * S::F32_LANES;
        let panels = &x.buffer[x.start..][..x.vectors.next_multiple_of(x.lanes) * columns];
        for (p, panel) in panels.chunks(width * columns).enumerate() {
            for (g, group) in w.chunks_exact(GROUP * columns).enumerate() {
                let mut tile = [0.0; GROUP * REGISTERS * 16];
                let own = panel.len() / columns;
                match own / S::F32_LANES {
                    3 => products::<S, 3>(simd, group, panel, &mut tile),
                    2 => products::<S, 2>(simd, group, panel, &mut tile),
                    _ => products::<S, 1>(simd, group, panel, &mut tile),
                }
                let vectors = own.min(x.vectors - p * width);
                sink.take(offset + g * GROUP, GROUP.min(rows - g * GROUP), p * width, vectors, &mut tile, own);
            }
        }
    }
}

/// Products of eight rows with a panel of `J` registers: `tile: [8, J * S::F32_LANES]`.
#[inline(always)]
fn products<S: Simd, const J: usize>(simd: S, group: &[f32], panel: &[f32], tile: &mut [f32]) {
    let columns = group.len() / GROUP;
    let mut rows: [&[f32]; GROUP] = [&[]; GROUP];
    for i in 0..GROUP {
        rows[i] = &group[i * columns..][..columns];
    }
    let panel = S::as_simd_f32s(panel).0.as_chunks::<J>().0;
    let mut sums = [[simd.splat_f32s(0.0); J]; GROUP];
    for (c, x) in panel[..columns].iter().enumerate() {
        for i in 0..GROUP {
            let w = simd.splat_f32s(rows[i][c]);
            for j in 0..J {
                sums[i][j] = simd.mul_add_f32s(w, x[j], sums[i][j]);
            }
        }
    }
    let out = S::as_mut_simd_f32s(tile).0;
    for i in 0..GROUP {
        for j in 0..J {
            out[i * J + j] = sums[i][j];
        }
    }
}
