//! The innermost part of all products: sums that grow in registers, sixteen side by side, in the order of their columns with
//! fused products. Owns which sums grow together; what the sums are is the callers' business.

#![expect(clippy::needless_range_loop, reason = "loops over constants are unrolled, and their sums stay in registers")]

use super::lanes::Lanes;
use super::matrix::{HEIGHT, Line};
use pulp::Simd;

/// Writes `$body` out for `$i` from 0 to below `$count`, at most 12. The compiler unrolls a loop over a constant as long as its
/// body is small, and whether it is depends on the level of optimisation: with the sums of a tile left in a loop they stay in
/// memory, and everything takes three times as long.
macro_rules! unrolled {
    ($i:ident in $count:expr, $body:block) => {
        unrolled!(@ $i, $count, $body, 0 1 2 3 4 5 6 7 8 9 10 11)
    };
    (@ $i:ident, $count:expr, $body:block, $($number:literal)*) => {
        $(if $number < $count {
            let $i = $number;
            $body
        })*
    };
}

/// Vectors that lie in memory at equal distances.
#[derive(Clone, Copy)]
pub(super) struct Vectors<'a> {
    pub data: &'a [f32],
    pub count: usize,
    /// From the beginning of one to that of the next.
    pub stride: usize,
    /// Where in each of them its first number stands.
    pub first: usize,
}

impl<'a> Vectors<'a> {
    /// `V` of them, as long as `length`.
    #[inline(always)]
    fn some<const V: usize>(&self, from: usize, length: usize) -> [&'a [f32]; V] {
        let mut vectors: [&[f32]; V] = [&[]; V];
        for v in 0..V {
            vectors[v] = &self.data[(from + v) * self.stride + self.first..][..length];
        }
        vectors
    }
}

/// Where sums go.
pub(super) trait Results {
    /// The sums of a vector with a panel: sixteen, or fewer where a panel reaches beyond the last row.
    /// Implementations are `#[inline(always)]`.
    fn at(&mut self, vector: usize, panel: usize) -> &mut [f32];
}

/// Sums of all vectors with panels that follow each other, each of `length` lines. They are added to the results with
/// `ADDS`, and take their place without.
#[inline(always)]
pub(super) fn many<S: Simd, const R: usize, const ADDS: bool>(
    simd: S,
    panels: &[Line],
    length: usize,
    vectors: Vectors<'_>,
    out: &mut impl Results,
) {
    // As many sums as fit into the registers beside what they are made of.
    let mut from = 0;
    if S::F32_LANES == 16 {
        from = tiles::<S, R, ADDS, 2, 12>(simd, panels, length, vectors, from, out);
        from = tiles::<S, R, ADDS, 2, 6>(simd, panels, length, vectors, from, out);
        from = tiles::<S, R, ADDS, 4, 3>(simd, panels, length, vectors, from, out);
    } else {
        from = tiles::<S, R, ADDS, 1, 6>(simd, panels, length, vectors, from, out);
        from = tiles::<S, R, ADDS, 1, 4>(simd, panels, length, vectors, from, out);
        from = tiles::<S, R, ADDS, 2, 2>(simd, panels, length, vectors, from, out);
    }
    tiles::<S, R, ADDS, 4, 1>(simd, panels, length, vectors, from, out);
}

/// As many vectors from `from` on as are whole groups of `V`, with `P` panels at a time. Tells where it stopped.
#[inline(always)]
fn tiles<S: Simd, const R: usize, const ADDS: bool, const P: usize, const V: usize>(
    simd: S,
    panels: &[Line],
    length: usize,
    vectors: Vectors<'_>,
    mut from: usize,
    out: &mut impl Results,
) -> usize {
    while from + V <= vectors.count {
        let x = vectors.some::<V>(from, length);
        for (g, group) in panels.chunks(P * length).enumerate() {
            if group.len() == P * length {
                filled::<S, R, ADDS, P, V>(simd, split(group, length), x, g * P, from, out);
            } else {
                for (p, panel) in group.chunks_exact(length).enumerate() {
                    filled::<S, R, ADDS, 1, V>(simd, [panel], x, g * P + p, from, out);
                }
            }
        }
        from += V;
    }
    from
}

/// One group of sums, from the results and back.
#[inline(always)]
fn filled<S: Simd, const R: usize, const ADDS: bool, const P: usize, const V: usize>(
    simd: S,
    panels: [&[Line]; P],
    x: [&[f32]; V],
    panel: usize,
    vector: usize,
    out: &mut impl Results,
) {
    let mut sums = [[Lanes::<S, R>::splat(simd, 0.0); P]; V];
    if ADDS {
        unrolled!(v in V, {
            unrolled!(p in P, {
                sums[v][p] = get(simd, out.at(vector + v, panel + p));
            });
        });
    }
    let sums = tile::<S, R, P, V>(simd, panels, x, sums);
    unrolled!(v in V, {
        unrolled!(p in P, {
            put(out.at(vector + v, panel + p), &sums[v][p]);
        });
    });
}

#[inline(always)]
pub(super) fn get<S: Simd, const R: usize>(simd: S, from: &[f32]) -> Lanes<S, R> {
    match from.first_chunk::<HEIGHT>() {
        Some(all) => Lanes::load(simd, all),
        None => {
            let mut all = [0.0; HEIGHT];
            all[..from.len()].copy_from_slice(from);
            Lanes::load(simd, &all)
        }
    }
}

/// Writes sixteen results, or as many as there is room for.
#[inline(always)]
pub(super) fn put<S: Simd, const R: usize>(out: &mut [f32], lanes: &Lanes<S, R>) {
    match out.first_chunk_mut::<HEIGHT>() {
        Some(out) => lanes.store_to(out),
        None => out.copy_from_slice(&lanes.store()[..out.len()]),
    }
}

/// Panels that follow each other.
#[inline(always)]
fn split<const P: usize>(group: &[Line], length: usize) -> [&[Line]; P] {
    let mut panels: [&[Line]; P] = [&[]; P];
    for p in 0..P {
        panels[p] = &group[p * length..][..length];
    }
    panels
}

/// Adds `w[p][c] * x[v][c]` for all columns, in order, to the sums of `P` panels and `V` vectors.
#[inline(always)]
pub(super) fn tile<S: Simd, const R: usize, const P: usize, const V: usize>(
    simd: S,
    panels: [&[Line]; P],
    x: [&[f32]; V],
    mut sums: [[Lanes<S, R>; P]; V],
) -> [[Lanes<S, R>; P]; V] {
    let columns = panels[0].len();
    let (mut w, mut own): ([&[Line]; P], [&[f32]; V]) = ([&[]; P], [&[]; V]);
    for p in 0..P {
        w[p] = &panels[p][..columns];
    }
    for v in 0..V {
        own[v] = &x[v][..columns];
    }
    for c in 0..columns {
        let mut lines = [Lanes::<S, R>::splat(simd, 0.0); P];
        unrolled!(p in P, {
            lines[p] = Lanes::load(simd, &w[p][c]);
        });
        unrolled!(v in V, {
            let x = Lanes::splat(simd, own[v][c]);
            unrolled!(p in P, {
                sums[v][p].add_product(simd, &x, &lines[p]);
            });
        });
    }
    sums
}
