//! Products of vectors with the rows of matrices, `x w^T`. Owns the order of a sum, which is that of the columns with fused
//! products, on every processor and whatever else is computed with it, and how rows are handed to threads.

#![expect(clippy::needless_range_loop, reason = "loops over constants are unrolled, and their sums stay in registers")]

use super::lanes::{InLanes, InRegisters, Lanes};
use super::matrix::{Codes, HEIGHT, Line, Matrix, Numbers};
use super::matrix_unit::{self, Tiled};
use super::tile::{Results, Vectors, many, put, tile};
use pulp::{Arch, Simd};
use rayon::prelude::*;

/// Products that are worth a task of their own: about ten microseconds.
const TASK: usize = 1 << 18;

/// Tasks for each thread: more than one, because other work may hold a thread up.
const TASKS: usize = 8;

/// The same in the matrix unit, where sums of a task take memory.
const UNIT_TASKS: usize = 4;

/// Panels of which many vectors take turns, so that they stay in the core's cache.
const CHUNK: usize = 4;

/// The order in which a sum is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// That of the columns: the same numbers on every processor, however many vectors there are.
    Columns,
    /// What is fastest: the same numbers on one machine for the same vectors. It is for training, which asks for no more.
    Free,
}

/// `out[i, r] = sum_c x[i, c] w[r, c]` for each `w: [rows, columns]` and its `out: [vectors, rows]`, all in one go.
///
/// # Panics
/// If the shapes do not fit together.
pub fn times(x: &[f32], products: Vec<(&Matrix, &mut [f32])>, order: Order) {
    run(x, products, order, false);
}

/// `out[i, r] += sum_c x[i, c] w[r, c]`, as [`times`].
///
/// # Panics
/// If the shapes do not fit together or the matrix is quantised.
pub fn add_times(x: &[f32], w: &Matrix, out: &mut [f32], order: Order) {
    assert!(w.is_dense(), "products with quantised matrices are not added");
    run(x, vec![(w, out)], order, true);
}

/// Vectors, and panels, that are worth the way into the matrix unit: it takes sixteen vectors at a time.
const FOR_UNIT: (usize, usize) = (16, 4);

/// True if products of so many vectors with so many panels go through the matrix unit, where the order is free.
pub(super) fn is_in_unit(vectors: usize, panels: usize) -> bool {
    vectors >= FOR_UNIT.0 && panels >= FOR_UNIT.1 && matrix_unit::is_there()
}

/// Vectors that panels are multiplied with, made ready once for all of them.
pub(super) struct Operand<'a> {
    pub vectors: Vectors<'a>,
    /// Numbers of each.
    length: usize,
    /// The same for the matrix unit, if it is used.
    tiled: Option<Tiled>,
}

/// Multiples of this are where parts of vectors begin.
pub(super) const PART: usize = matrix_unit::DEPTH;

impl<'a> Operand<'a> {
    /// `length` numbers of every vector, for products with `panels` panels or more.
    pub fn new(vectors: Vectors<'a>, length: usize, panels: usize, order: Order) -> Operand<'a> {
        let is_for_unit = order == Order::Free && is_in_unit(vectors.count, panels);
        Operand { vectors, length, tiled: is_for_unit.then(|| Tiled::new(vectors, length)) }
    }

    /// The same on this thread alone, for vectors of a single task.
    pub fn of_task(vectors: Vectors<'a>, length: usize, panels: usize, order: Order) -> Operand<'a> {
        let is_for_unit = order == Order::Free && is_in_unit(vectors.count, panels);
        Operand { vectors, length, tiled: is_for_unit.then(|| Tiled::of_task(vectors, length)) }
    }

    /// True if its products go through the matrix unit.
    pub fn is_in_unit(&self) -> bool {
        self.tiled.is_some()
    }

    /// Numbers of a vector.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Products with panels that follow each other; added to what is there with `ADDS`.
    #[inline(always)]
    pub fn many<S: Simd, const R: usize, const ADDS: bool>(&self, simd: S, panels: &[Line], out: &mut impl Results) {
        self.part::<S, R, ADDS>(simd, panels, 0, self.length, out);
    }

    /// The same of `length` numbers of every vector from number `from` on, a multiple of [`PART`], with panels of so many columns.
    #[inline(always)]
    pub fn part<S: Simd, const R: usize, const ADDS: bool>(
        &self,
        simd: S,
        panels: &[Line],
        from: usize,
        length: usize,
        out: &mut impl Results,
    ) {
        let vectors = Vectors { first: self.vectors.first + from, ..self.vectors };
        match &self.tiled {
            Some(tiled) => matrix_unit::many::<S, R, ADDS>(simd, panels, length, tiled.part(from, length), out),
            None => many::<S, R, ADDS>(simd, panels, length, vectors, out),
        }
    }
}

fn run(x: &[f32], products: Vec<(&Matrix, &mut [f32])>, order: Order, adds: bool) {
    let all: usize = products.iter().map(|(w, _)| w.panels()).sum();
    let Some(columns) = products.first().map(|(w, _)| w.shape().1) else { return };
    let vectors = Vectors { data: x, count: x.len() / columns, stride: columns, first: 0 };
    let is_dense = products.iter().all(|(w, _)| w.is_dense());
    let x = Operand::new(vectors, columns, all, if is_dense { order } else { Order::Columns });
    let tasks_of_thread = if x.is_in_unit() { UNIT_TASKS } else { TASKS };
    let mut tasks = Vec::new();
    for (w, out) in products {
        let (rows, columns) = w.shape();
        assert!(vectors.data.len() == vectors.count * w.shape().1, "vectors are as long as rows");
        assert_eq!(out.len() * columns, vectors.data.len() * rows, "one result for every vector and row");
        let least = TASK.div_ceil(vectors.data.len().max(1) * HEIGHT);
        let each = all.div_ceil(rayon::current_num_threads() * tasks_of_thread).max(least);
        let parts = in_columns(out, rows, each * HEIGHT).into_iter().enumerate();
        tasks.extend(parts.map(|(i, out)| Task { w, first: i * each, x: &x, out, adds }));
    }
    match tasks.len() {
        1 => tasks.into_iter().for_each(|task| Arch::new().dispatch(InLanes(task))),
        _ => tasks.into_par_iter().for_each(|task| Arch::new().dispatch(InLanes(task))),
    }
}

/// Products of several vectors with rows `first..` of a matrix, as many as each of `out` has room for, on this thread.
/// `first` begins a panel.
pub fn times_rows(x: &[f32], w: &Matrix, first: usize, out: Vec<&mut [f32]>) {
    assert!(first.is_multiple_of(HEIGHT), "rows begin with a panel");
    let columns = w.shape().1;
    let vectors = Vectors { data: x, count: x.len() / columns, stride: columns, first: 0 };
    let x = &Operand { vectors, length: columns, tiled: None };
    Arch::new().dispatch(InLanes(Task { w, first: first / HEIGHT, x, out, adds: false }));
}

/// A matrix `[.., columns]` cut into parts of `each` columns: of every part its piece of every row.
pub fn in_columns(out: &mut [f32], columns: usize, each: usize) -> Vec<Vec<&mut [f32]>> {
    let mut parts: Vec<Vec<&mut [f32]>> = (0..columns.div_ceil(each)).map(|_| vec![]).collect();
    for row in out.chunks_exact_mut(columns.max(1)) {
        parts.iter_mut().zip(row.chunks_mut(each)).for_each(|(part, piece)| part.push(piece));
    }
    parts
}

/// Products of all vectors with the panels from `first` on.
struct Task<'a> {
    w: &'a Matrix,
    first: usize,
    x: &'a Operand<'a>,
    /// Of every vector, the results.
    out: Vec<&'a mut [f32]>,
    /// They are added to what is there.
    adds: bool,
}

impl InRegisters for Task<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(mut self, simd: S) {
        let columns = self.w.shape().1;
        let panels = self.out.first().map_or(0, |out| out.len().div_ceil(HEIGHT));
        let (from, to) = (self.first * columns, (self.first + panels) * columns);
        let vectors = self.x.vectors;
        let mut out = Parts { parts: &mut self.out, first: 0 };
        match (self.w.numbers(), vectors.count) {
            (Numbers::Dense(_), _) if self.adds => {
                self.x.many::<S, R, true>(simd, &self.w.lines()[from..to], &mut out);
            }
            (Numbers::Dense(_), _) if self.x.is_in_unit() => {
                self.x.many::<S, R, false>(simd, &self.w.lines()[from..to], &mut out);
            }
            (Numbers::Dense(_), 1) => one_dense::<S, R>(simd, &self.w.lines()[from..to], vectors.data, out.parts[0]),
            (Numbers::Coded(codes), 1) => {
                one_coded::<S, R>(simd, codes, self.first, panels, vectors.data, out.parts[0]);
            }
            (Numbers::Dense(_), _) => {
                for (i, panels) in self.w.lines()[from..to].chunks(CHUNK * columns).enumerate() {
                    out.first = i * CHUNK * HEIGHT;
                    many::<S, R, false>(simd, panels, columns, vectors, &mut out);
                }
            }
            (Numbers::Coded(codes), _) => {
                let mut chunk = vec![[0.0; HEIGHT]; CHUNK.min(panels) * columns];
                for i in (0..panels).step_by(CHUNK) {
                    let count = CHUNK.min(panels - i);
                    for (p, panel) in chunk.chunks_exact_mut(columns).take(count).enumerate() {
                        codes.unpack_in::<S, R>(simd, columns, self.first + i + p, panel);
                    }
                    out.first = i * HEIGHT;
                    many::<S, R, false>(simd, &chunk[..count * columns], columns, vectors, &mut out);
                }
            }
        }
    }
}

/// Results of each vector in a slice of its own.
pub(super) struct Parts<'a, 'b> {
    pub parts: &'a mut [&'b mut [f32]],
    /// Where in them the first panel's results begin.
    pub first: usize,
}

impl Results for Parts<'_, '_> {
    #[inline(always)]
    fn at(&mut self, vector: usize, panel: usize) -> &mut [f32] {
        piece(self.parts[vector], self.first / HEIGHT + panel)
    }
}

/// Places in a matrix that are read in turn where memory is what counts: the processor fetches ahead at each. With one of
/// them, two cores read two thirds of what memory gives.
const STREAMS: usize = 4;

/// The results of a panel.
#[inline(always)]
fn piece(out: &mut [f32], panel: usize) -> &mut [f32] {
    let out = &mut out[panel * HEIGHT..];
    let length = out.len().min(HEIGHT);
    &mut out[..length]
}

/// One vector with panels.
#[inline(always)]
fn one_dense<S: Simd, const R: usize>(simd: S, panels: &[Line], x: &[f32], out: &mut [f32]) {
    let columns = x.len();
    let stream = panels.len() / columns / STREAMS;
    let zeros = [[Lanes::<S, R>::splat(simd, 0.0); STREAMS]];
    for turn in 0..stream {
        let mut own: [&[Line]; STREAMS] = [&[]; STREAMS];
        for s in 0..STREAMS {
            own[s] = &panels[(s * stream + turn) * columns..][..columns];
        }
        let [sums] = tile::<S, R, STREAMS, 1>(simd, own, [x], zeros);
        for s in 0..STREAMS {
            put(piece(out, s * stream + turn), &sums[s]);
        }
    }
    for (p, panel) in panels.chunks_exact(columns).enumerate().skip(stream * STREAMS) {
        let [[sum]] = tile::<S, R, 1, 1>(simd, [panel], [x], [[Lanes::splat(simd, 0.0)]]);
        put(piece(out, p), &sum);
    }
}

/// One vector with quantised panels, which are never unpacked into memory.
#[inline(always)]
fn one_coded<S: Simd, const R: usize>(simd: S, codes: &Codes, first: usize, panels: usize, x: &[f32], out: &mut [f32]) {
    match codes.block {
        16 => one_coded_of::<S, R, 16>(simd, codes, first, panels, x, out),
        _ => one_coded_of::<S, R, 32>(simd, codes, first, panels, x, out),
    }
}

/// As [`one_coded`], with blocks of `B` columns.
#[inline(always)]
fn one_coded_of<S: Simd, const R: usize, const B: usize>(
    simd: S,
    codes: &Codes,
    first: usize,
    panels: usize,
    x: &[f32],
    out: &mut [f32],
) {
    let stream = panels.div_ceil(2);
    for turn in 0..stream {
        // An odd last panel is computed twice.
        let own = [turn, (stream + turn).min(panels - 1)];
        let sums = of_codes::<S, R, B>(simd, codes, own.map(|p| first + p), x);
        put(piece(out, own[0]), &sums[0]);
        put(piece(out, own[1]), &sums[1]);
    }
}

/// Sums of two panels with one vector. Written out for two: a loop over panels in here is not unrolled, and its sums are then
/// kept in memory.
#[inline(always)]
fn of_codes<S: Simd, const R: usize, const B: usize>(
    simd: S,
    codes: &Codes,
    panels: [usize; 2],
    x: &[f32],
) -> [Lanes<S, R>; 2] {
    let (columns, count) = (x.len(), x.len() / B);
    let lines = |p: usize| codes.codes[p * columns..][..columns].as_chunks::<B>().0;
    let shared = |all: &[Line], p: usize| if all.is_empty() { 0..0 } else { p * count..(p + 1) * count };
    let [one, two] = panels;
    let (lines, scales) = ([lines(one), lines(two)], &codes.scales);
    let scales = [&scales[shared(scales, one)], &scales[shared(scales, two)]];
    let offsets = &codes.offsets;
    let offsets = [&offsets[shared(offsets, one)], &offsets[shared(offsets, two)]];
    let zero = Lanes::<S, R>::splat(simd, 0.0);
    let (mut first, mut second) = (zero, zero);
    let x = x.as_chunks::<B>().0;
    if offsets[0].is_empty() {
        for (((x, lines), other), (scale, other_scale)) in
            x.iter().zip(lines[0]).zip(lines[1]).zip(scales[0].iter().zip(scales[1]))
        {
            let (scale, other_scale) = (Lanes::load(simd, scale), Lanes::load(simd, other_scale));
            for c in 0..B {
                let x = Lanes::splat(simd, x[c]);
                first.add_product(simd, &x, &Lanes::of_codes(simd, &lines[c]).times(simd, &scale));
                second.add_product(simd, &x, &Lanes::of_codes(simd, &other[c]).times(simd, &other_scale));
            }
        }
    } else {
        let offsets = offsets[0].iter().zip(offsets[1]);
        for ((((x, lines), other), (scale, other_scale)), (offset, other_offset)) in
            x.iter().zip(lines[0]).zip(lines[1]).zip(scales[0].iter().zip(scales[1])).zip(offsets)
        {
            let (scale, other_scale) = (Lanes::load(simd, scale), Lanes::load(simd, other_scale));
            let (offset, other_offset) = (Lanes::load(simd, offset), Lanes::load(simd, other_offset));
            for c in 0..B {
                let x = Lanes::splat(simd, x[c]);
                let value = Lanes::of_codes(simd, &lines[c]).times(simd, &scale).plus(simd, &offset);
                first.add_product(simd, &x, &value);
                let value = Lanes::of_codes(simd, &other[c]).times(simd, &other_scale).plus(simd, &other_offset);
                second.add_product(simd, &x, &value);
            }
        }
    }
    [first, second]
}

impl Codes {
    /// Writes the values of panel `p` into `out`.
    pub fn unpack(&self, columns: usize, p: usize, out: &mut [Line]) {
        Arch::new().dispatch(InLanes(Unpacking { codes: self, columns, p, out }));
    }

    #[inline(always)]
    fn unpack_in<S: Simd, const R: usize>(&self, simd: S, columns: usize, p: usize, out: &mut [Line]) {
        let first = p * (columns / self.block);
        let codes = self.codes[p * columns..][..columns].chunks_exact(self.block);
        for (b, (out, codes)) in out.chunks_exact_mut(self.block).zip(codes).enumerate() {
            let scale = Lanes::<S, R>::load(simd, &self.scales[first + b]);
            let offset = self.offsets.get(first + b).map(|line| Lanes::<S, R>::load(simd, line));
            // Not a fused product: the values are those that reading the file as numbers gives.
            match offset {
                Some(offset) => {
                    for (out, code) in out.iter_mut().zip(codes) {
                        Lanes::of_codes(simd, code).times(simd, &scale).plus(simd, &offset).store_to(out);
                    }
                }
                None => {
                    for (out, code) in out.iter_mut().zip(codes) {
                        Lanes::of_codes(simd, code).times(simd, &scale).store_to(out);
                    }
                }
            }
        }
    }
}

struct Unpacking<'a> {
    codes: &'a Codes,
    columns: usize,
    p: usize,
    out: &'a mut [Line],
}

impl InRegisters for Unpacking<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(self, simd: S) {
        self.codes.unpack_in::<S, R>(simd, self.columns, self.p, self.out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ml::files::Blocks;

    fn number(i: usize) -> f32 {
        ((i * 7919 + 13) % 101) as f32 / 50.0 - 1.0
    }

    /// Every sum in the order of columns, with fused products.
    fn wanted(x: &[f32], w: &[f32], columns: usize) -> Vec<f32> {
        let sum = |x: &[f32], w: &[f32]| x.iter().zip(w).fold(0.0f32, |sum, (x, w)| x.mul_add(*w, sum));
        x.chunks(columns).flat_map(|x| w.chunks(columns).map(move |w| sum(x, w))).collect()
    }

    #[test]
    fn sums_are_those_of_the_columns_in_order_to_the_last_bit() {
        for (rows, columns) in [(1, 1), (37, 20), (130, 96), (700, 64)] {
            let w: Vec<f32> = (0..rows * columns).map(number).collect();
            let matrix = Matrix::dense(&w, rows, columns);
            for vectors in [1, 2, 3, 5, 7, 13, 33] {
                let x: Vec<f32> = (0..vectors * columns).map(|i| number(i + 1)).collect();
                let mut out = vec![0.0; vectors * rows];
                times(&x, vec![(&matrix, &mut out[..])], Order::Columns);
                assert_eq!(out, wanted(&x, &w, columns), "{vectors} vectors with {rows}x{columns}");
            }
        }
    }

    #[test]
    fn quantised_rows_are_the_rows_of_their_values_to_the_last_bit() {
        let (rows, columns) = (330, 96);
        for (block, has_offsets) in [(32, true), (32, false), (16, false)] {
            let count = rows * columns / block;
            let offsets = if has_offsets { (0..count).map(|i| number(i + 3) / 4.0).collect() } else { vec![] };
            let codes = (0..rows * columns).map(|i| ((i * 31) % 255) as u8 as i8).collect();
            let scales = (0..count).map(|i| number(i) / 100.0).collect();
            let w = Matrix::coded(&Blocks { rows, cols: columns, block, scales, offsets, codes });
            let values = w.values();
            for vectors in [1, 2, 9] {
                let x: Vec<f32> = (0..vectors * columns).map(number).collect();
                let mut out = vec![0.0; vectors * rows];
                times(&x, vec![(&w, &mut out[..])], Order::Columns);
                assert_eq!(out, wanted(&x, &values, columns));
            }
        }
    }
}
