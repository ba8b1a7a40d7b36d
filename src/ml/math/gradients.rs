//! What a product with a matrix, `y = x w^T`, hands back: the gradient of its vectors and that of its matrix. Owns how the
//! work is cut; the order of a sum depends on the shapes alone, never on the number of threads.

use super::lanes::{InLanes, InRegisters, turn_square};
use super::matrix::{HEIGHT, Line, Matrix};
use super::products::{Operand, Order, Parts, in_columns, is_in_unit};
use super::tile::{Results, Vectors};
use pulp::{Arch, Simd};
use rayon::prelude::*;

/// Rows whose sum is one of its own: matrices with more of them (heads) are cut, or few tasks would read all of `dy`.
const PART: usize = 1 << 14;

/// Tasks for each thread: more than one, because other work may hold a thread up.
const TASKS: usize = 2;

/// Lines of a transpose, which lies in a core's cache (256 kB), and rows of it at most: twelve vectors then lie in the first
/// cache. In the matrix unit, whose sums are added part by part, the rows are as many whatever the threads.
const LINES: usize = 1 << 12;
const MOST: usize = 512;

/// `dx[i, c] = sum_r dy[i, r] w[r, c]`, or added to what is there if it `adds`, for `w: [rows, columns]`,
/// `dy: [vectors, rows]` and `dx: [vectors, columns]`.
///
/// # Panics
/// If the shapes do not fit together or the matrix is quantised.
pub fn of_vectors(dy: &[f32], w: &Matrix, dx: &mut [f32], adds: bool) {
    let (rows, columns) = w.shape();
    assert_eq!(dy.len() * columns, dx.len() * rows, "one gradient for every vector");
    let vectors = dy.len() / rows;
    if !adds {
        dx.fill(0.0);
    }
    if rows <= PART {
        return part_of_vectors(dy, w, rows, vec![dx]);
    }
    let starts: Vec<usize> = (0..rows).step_by(PART).collect();
    let mut parts = vec![0.0; starts.len() * vectors * columns];
    let own = parts.chunks_mut(vectors * columns).collect();
    part_of_vectors(dy, w, PART, own);
    // The parts in their order.
    for part in parts.chunks(vectors * columns) {
        super::elementwise::add(dx, part);
    }
}

/// Adds the sums over the first `each` rows to the first of `out`, over the next rows to the second, and so on.
fn part_of_vectors(dy: &[f32], w: &Matrix, each: usize, out: Vec<&mut [f32]>) {
    let (rows, columns) = w.shape();
    // As many columns to a task as leave enough tasks: each of them reads all of its rows of `dy`.
    let pieces = (rayon::current_num_threads() * TASKS).div_ceil(out.len());
    let piece = columns.div_ceil(pieces).next_multiple_of(HEIGHT);
    // Of a matrix that is not cut, many tasks read the same of `dy`; of one that is, the parts of `dy` would be too much together.
    let vectors = Vectors { data: dy, count: dy.len() / rows, stride: rows, first: 0 };
    let strips = columns.div_ceil(HEIGHT);
    let whole = (rows <= PART).then(|| Operand::new(vectors, rows, strips, Order::Free));
    let whole = whole.as_ref();
    let mut tasks = Vec::new();
    for (i, out) in out.into_iter().enumerate() {
        let first = i * each;
        let count = each.min(rows - first);
        for (j, out) in in_columns(out, columns, piece).into_iter().enumerate() {
            tasks.push(OfVectors { dy, whole, w, first, count, column: j * piece, out });
        }
    }
    tasks.into_par_iter().for_each_init(Vec::new, |scratch, task| {
        Arch::new().dispatch(InLanes(Scratched { task, scratch }));
    });
}

/// Some columns of the gradient of vectors, summed over some rows.
struct OfVectors<'a> {
    dy: &'a [f32],
    /// All of it, made ready.
    whole: Option<&'a Operand<'a>>,
    w: &'a Matrix,
    first: usize,
    count: usize,
    column: usize,
    /// Of every vector.
    out: Vec<&'a mut [f32]>,
}

struct Scratched<'a, 's> {
    task: OfVectors<'a>,
    scratch: &'s mut Vec<Line>,
}

impl InRegisters for Scratched<'_, '_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(self, simd: S) {
        let Scratched { task: OfVectors { dy, whole, w, first, count, column, mut out }, scratch } = self;
        let (rows, columns) = w.shape();
        let width = out.first().map_or(0, |out| out.len());
        let strips = width.div_ceil(HEIGHT);
        let most = match is_in_unit(out.len(), strips) {
            true => MOST,
            false => (LINES / strips.max(1)).next_multiple_of(super::products::PART).min(MOST),
        };
        for from in (first..first + count).step_by(most) {
            let length = most.min(first + count - from);
            scratch.resize(strips * length, [0.0; HEIGHT]);
            for (at, strip) in scratch.chunks_exact_mut(length).enumerate() {
                let column = column + at * HEIGHT;
                let width = HEIGHT.min(columns - column);
                for (p, lines) in strip.chunks_mut(HEIGHT).enumerate() {
                    let panel = (from / HEIGHT + p) * columns + column;
                    turn(simd, &w.lines()[panel..panel + width], lines);
                }
            }
            let vectors = Vectors { data: dy, count: out.len(), stride: rows, first: from };
            let mut out = Parts { parts: &mut out, first: 0 };
            match whole {
                Some(whole) => whole.part::<S, R, true>(simd, scratch, from, length, &mut out),
                None => {
                    Operand::of_task(vectors, length, strips, Order::Free).many::<S, R, true>(simd, scratch, &mut out);
                }
            }
        }
    }
}

/// Makes the columns of a panel rows, as many as there is room for.
#[inline(always)]
pub(super) fn turn<S: Simd>(simd: S, panel: &[Line], rows: &mut [Line]) {
    match (panel.first_chunk::<HEIGHT>(), rows.first_chunk_mut::<HEIGHT>()) {
        (Some(panel), Some(rows)) => turn_square(simd, panel, rows),
        _ => {
            for (i, row) in rows.iter_mut().enumerate() {
                // What fills a line beyond the last column.
                *row = [0.0; HEIGHT];
                row.iter_mut().zip(panel).for_each(|(x, column)| *x = column[i]);
            }
        }
    }
}

/// `dw[r, c] += sum_i dy[i, r] x[i, c]` for `dw: [rows, columns]`, `dy: [vectors, rows]` and `x: [vectors, columns]`.
///
/// # Panics
/// If the shapes do not fit together or the matrix is quantised.
pub fn of_matrix(dy: &[f32], x: &[f32], dw: &mut Matrix) {
    let (rows, columns) = dw.shape();
    assert_eq!(dy.len() * columns, x.len() * rows, "as many vectors on one side as on the other");
    let vectors = dy.len() / rows;
    if vectors == 0 {
        return;
    }
    let turned = transposed(x, columns);
    let x = Vectors { data: &turned, count: columns, stride: vectors, first: 0 };
    let x = &Operand::new(x, vectors, dw.panels(), Order::Free);
    let panels = if x.is_in_unit() { UNIT_PANELS } else { PANELS };
    let each = dw.lines_mut().par_chunks_mut(panels * columns).enumerate();
    each.for_each_init(Vec::new, |strips, (at, lines)| {
        let row = at * panels * HEIGHT;
        Arch::new().dispatch(InLanes(OfMatrix { dy, rows, row, x, lines, strips }));
    });
}

/// `[columns, vectors]` of `x: [vectors, columns]`.
pub(super) fn transposed(x: &[f32], columns: usize) -> Vec<f32> {
    let vectors = x.len() / columns;
    let mut turned = vec![0.0; x.len()];
    turned.par_chunks_mut(HEIGHT * vectors.max(1)).enumerate().for_each(|(at, turned)| {
        for (v, x) in x.chunks_exact(columns).enumerate() {
            for (c, x) in x[at * HEIGHT..].iter().take(turned.len() / vectors).enumerate() {
                turned[c * vectors + v] = *x;
            }
        }
    });
    turned
}

/// Panels of a task of [`of_matrix`], and in the matrix unit.
const PANELS: usize = 2;
const UNIT_PANELS: usize = 8;

/// Panels of a matrix's gradient.
struct OfMatrix<'a> {
    dy: &'a [f32],
    rows: usize,
    /// The first row.
    row: usize,
    /// The columns of `x`, as vectors.
    x: &'a Operand<'a>,
    lines: &'a mut [Line],
    strips: &'a mut Vec<Line>,
}

impl InRegisters for OfMatrix<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(self, simd: S) {
        let OfMatrix { dy, rows, row, x, lines, strips } = self;
        let columns = x.vectors.count;
        strips.clear();
        for panel in 0..lines.len() / columns {
            let row = row + panel * HEIGHT;
            let width = HEIGHT.min(rows - row);
            strips.extend(dy.chunks_exact(rows).map(|dy| {
                let mut line = [0.0; HEIGHT];
                line[..width].copy_from_slice(&dy[row..row + width]);
                line
            }));
        }
        x.many::<S, R, true>(simd, strips, &mut Columns { lines, columns });
    }
}

/// Results of a column in its line of each panel.
struct Columns<'a> {
    lines: &'a mut [Line],
    columns: usize,
}

impl Results for Columns<'_> {
    #[inline(always)]
    fn at(&mut self, vector: usize, panel: usize) -> &mut [f32] {
        &mut self.lines[panel * self.columns + vector]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(i: usize) -> f32 {
        ((i * 7919 + 13) % 101) as f32 / 50.0 - 1.0
    }

    #[test]
    fn gradients_are_the_sums_they_stand_for() {
        for (rows, columns, vectors) in
            [(1, 1, 1), (37, 20, 3), (130, 96, 7), (600, 70, 14), (600, 70, 40), (17_000, 20, 4), (17_000, 80, 18)]
        {
            let w: Vec<f32> = (0..rows * columns).map(number).collect();
            let x: Vec<f32> = (0..vectors * columns).map(|i| number(i + 1)).collect();
            let dy: Vec<f32> = (0..vectors * rows).map(|i| number(3 * i + 2)).collect();
            let matrix = Matrix::dense(&w, rows, columns);
            // Sums of many numbers of either sign end near zero and keep the error of their size.
            let near = |found: f32, wanted: f64, terms: usize| {
                (f64::from(found) - wanted).abs() < 1e-4 * wanted.abs() + 1e-5 * (1.0 + terms as f64).sqrt()
            };
            for adds in [false, true] {
                let mut dx = vec![0.5; vectors * columns];
                of_vectors(&dy, &matrix, &mut dx, adds);
                let mut dw = Matrix::dense(&vec![0.5; rows * columns], rows, columns);
                of_matrix(&dy, &x, &mut dw);
                for (at, found) in dx.iter().enumerate() {
                    let (v, c) = (at / columns, at % columns);
                    let each = (0..rows).map(|r| f64::from(dy[v * rows + r]) * f64::from(w[r * columns + c]));
                    let wanted = each.sum::<f64>() + if adds { 0.5 } else { 0.0 };
                    assert!(near(*found, wanted, rows), "vector {v}, {c}: {found} for {wanted}");
                }
                for (at, found) in dw.values().iter().enumerate() {
                    let (r, c) = (at / columns, at % columns);
                    let each = (0..vectors).map(|v| f64::from(dy[v * rows + r]) * f64::from(x[v * columns + c]));
                    let wanted = each.sum::<f64>() + 0.5;
                    assert!(
                        (f64::from(*found) - wanted).abs() < 1e-4 * (1.0 + wanted.abs()),
                        "matrix {r}, {c}: {found} for {wanted}"
                    );
                }
            }
        }
    }
}
