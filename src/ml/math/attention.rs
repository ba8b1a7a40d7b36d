//! Causal attention of one sequence (Vaswani et al. 2017), with grouped heads of keys and with windows.

use super::elementwise::softmax;
use super::group::Group;
use super::lanes::{InLanes, InRegisters, dot};
use super::product::{View, product};
use pulp::{Arch, NullaryFnOnce, Simd};
use rayon::prelude::*;

/// Sizes of the heads.
#[derive(Clone, Copy, Debug)]
pub struct Heads {
    pub heads: usize,
    /// Heads of keys and values; each serves `heads / kv_heads` heads of queries.
    pub kv_heads: usize,
    /// Coordinates of a head.
    pub head: usize,
    /// Factor of the scores.
    pub scale: f32,
    /// Positions a query looks back at most, its own among them.
    pub window: Option<usize>,
}

/// Keys and values of positions that follow each other: `[positions, kv_heads * head]` each.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    pub keys: &'a [f32],
    pub values: &'a [f32],
}

/// New queries of a sequence, `[queries, heads * head]`: those of the last positions of the segments, whose first is the
/// first of the sequence. What they take from the values goes to `out`, of the same shape.
pub struct Turn<'a> {
    pub queries: &'a [f32],
    pub segments: Vec<Segment<'a>>,
    pub out: &'a mut [f32],
}

/// Numbers in keys from which on the heads of a single query are tasks of their own.
const LONG: usize = 1 << 16;

/// Has every query of every sequence look at its keys.
pub fn attend(turns: Vec<Turn<'_>>, heads: Heads) {
    let width = heads.heads * heads.head;
    let kv_width = heads.kv_heads * heads.head;
    let mut tasks = Vec::new();
    for Turn { queries, segments, out } in turns {
        let positions: usize = segments.iter().map(|s| s.keys.len() / kv_width).sum();
        let rows = queries.len() / width;
        let each = match rows {
            1 if positions * kv_width >= LONG => heads.head,
            1 => width,
            _ => heads.rows_together() * width,
        };
        for (i, (queries, out)) in queries.chunks(each).zip(out.chunks_mut(each)).enumerate() {
            let first = positions - rows + i * each / width;
            let rows = queries.len().div_ceil(width);
            let from = first_seen(first, heads.window);
            let segments = cut(&segments, from * kv_width, (first + rows) * kv_width);
            let first_head = i * each % width / heads.head;
            tasks.push(Task { queries, out, segments, rows, first: first - from, first_head, heads });
        }
    }
    match tasks.len() {
        1 => tasks.into_iter().for_each(Task::run),
        _ => tasks.into_par_iter().for_each(Task::run),
    }
}

/// The first position that the query at `position` sees.
pub fn first_seen(position: usize, window: Option<usize>) -> usize {
    window.map_or(0, |window| (position + 1).saturating_sub(window))
}

/// The part of the segments between two numbers of the keys.
fn cut<'a>(segments: &[Segment<'a>], from: usize, to: usize) -> Vec<Segment<'a>> {
    let mut before = 0;
    let mut parts = Vec::with_capacity(segments.len());
    for Segment { keys, values } in segments {
        let at = |end: usize| end.saturating_sub(before).min(keys.len());
        let (from, to) = (at(from), at(to));
        if from < to {
            parts.push(Segment { keys: &keys[from..to], values: &values[from..to] });
        }
        before += keys.len();
    }
    parts
}

/// Queries that follow each other, and the keys that one of them sees.
struct Task<'a> {
    /// All heads of several queries, or some heads of one.
    queries: &'a [f32],
    out: &'a mut [f32],
    segments: Vec<Segment<'a>>,
    rows: usize,
    /// Where the first query is among the keys.
    first: usize,
    first_head: usize,
    heads: Heads,
}

impl Task<'_> {
    fn run(self) {
        if self.rows == 1 { Arch::new().dispatch(InLanes(self)) } else { self.many() }
    }

    /// Where the keys and values of a head begin in theirs.
    #[inline(always)]
    fn kv_start(&self, at: usize) -> usize {
        (self.first_head + at) / self.heads.group() * self.heads.head
    }

    /// All heads of several queries.
    fn many(self) {
        let Heads { kv_heads, head, scale, window, .. } = self.heads;
        let (kv_width, group) = (kv_heads * head, self.heads.group());
        let (rows, positions) = (self.rows * group, self.first + self.rows);
        let (mut scores, mut query_space, mut out_space) = (vec![0.0; rows * positions], Vec::new(), Vec::new());
        for at in 0..kv_heads {
            let own = Group::new(&self.heads, at);
            let queries = own.matrix(self.queries, &mut query_space);
            let seen = |data, rows| View { data, rows, columns: head, row_stride: kv_width, column_stride: 1 };
            let mut before = 0;
            for segment in &self.segments {
                let length = segment.keys.len() / kv_width;
                let keys = seen(&segment.keys[at * head..], length);
                product(queries, keys.transposed(), scale, &mut scores[before..], positions, false, false);
                before += length;
            }
            let first = self.first;
            Arch::new().dispatch(Shares { scores: &mut scores, positions, first, group, window });
            let mut before = 0;
            for segment in &self.segments {
                let length = segment.keys.len() / kv_width;
                let shares =
                    View { data: &scores[before..], rows, columns: length, row_stride: positions, column_stride: 1 };
                let values = seen(&segment.values[at * head..], length);
                own.product(shares, values, 1.0, self.out, before > 0, &mut out_space);
                before += length;
            }
        }
    }
}

/// One query, in an order of sums that depends on nothing but the sequence.
impl InRegisters for Task<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(self, simd: S) {
        let Heads { kv_heads, head, scale, .. } = self.heads;
        let (kv_width, positions) = (kv_heads * head, self.first + 1);
        let mut scores = vec![0.0; positions];
        for at in 0..self.queries.len() / head {
            let from = self.kv_start(at);
            let (query, out) = (&self.queries[at * head..][..head], &mut self.out[at * head..][..head]);
            let mut before = 0;
            for segment in &self.segments {
                let keys = segment.keys.chunks_exact(kv_width);
                for (score, key) in scores[before..].iter_mut().zip(keys) {
                    *score = dot::<S, R>(simd, query, &key[from..from + head]) * scale;
                }
                before += segment.keys.len() / kv_width;
            }
            softmax(&mut scores);
            out.fill(0.0);
            let mut before = 0;
            for segment in &self.segments {
                let values = segment.values.chunks_exact(kv_width);
                for (share, value) in scores[before..].iter().zip(values) {
                    for (out, value) in out.iter_mut().zip(&value[from..from + head]) {
                        *out += share * value;
                    }
                }
                before += segment.keys.len() / kv_width;
            }
        }
    }
}

/// Makes scores `[queries * group, positions]` shares of what a query may see, the first query being at position `first`.
struct Shares<'a> {
    scores: &'a mut [f32],
    positions: usize,
    first: usize,
    group: usize,
    window: Option<usize>,
}

impl NullaryFnOnce for Shares<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (row, scores) in self.scores.chunks_exact_mut(self.positions).enumerate() {
            let position = self.first + row / self.group;
            share(scores, first_seen(position, self.window), position);
        }
    }
}

/// Makes the scores of a query that sees the positions from `first` to `last` its shares.
#[inline(always)]
pub fn share(scores: &mut [f32], first: usize, last: usize) {
    scores[..first].fill(0.0);
    softmax(&mut scores[first..=last]);
    scores[last + 1..].fill(0.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, salt: usize) -> Vec<f32> {
        (0..count).map(|i| (((i + salt) * 7919 + 13) % 101) as f32 / 50.0 - 1.0).collect()
    }

    #[test]
    fn queries_together_and_one_by_one_see_the_same() {
        for kv_heads in [1, 2, 4] {
            together_and_one_by_one(Heads { heads: 4, kv_heads, head: 6, scale: 0.7, window: None });
        }
    }

    fn together_and_one_by_one(sizes: Heads) {
        let (positions, width, kv_width) = (11, 24, sizes.kv_heads * 6);
        let (queries, keys, values) =
            (numbers(positions * width, 1), numbers(positions * kv_width, 2), numbers(positions * kv_width, 3));
        for window in [None, Some(1), Some(4)] {
            let sizes = Heads { window, ..sizes };
            let mut together = vec![0.0; positions * width];
            let segments = vec![Segment { keys: &keys, values: &values }];
            attend(vec![Turn { queries: &queries, segments, out: &mut together }], sizes);
            for at in 0..positions {
                let mut alone = vec![0.0; width];
                let cut = (at / 2) * kv_width;
                let end = (at + 1) * kv_width;
                let segments = vec![
                    Segment { keys: &keys[..cut], values: &values[..cut] },
                    Segment { keys: &keys[cut..end], values: &values[cut..end] },
                ];
                let queries = &queries[at * width..(at + 1) * width];
                attend(vec![Turn { queries, segments, out: &mut alone }], sizes);
                let near = alone.iter().zip(&together[at * width..]).all(|(a, b)| (a - b).abs() < 1e-5);
                assert!(near, "query {at} with window {window:?}");
                if at == 0 || window == Some(1) {
                    let own = &values[at * kv_width..][..6];
                    assert!(alone[..6].iter().zip(own).all(|(a, b)| (a - b).abs() < 1e-5), "it sees only itself");
                }
            }
        }
    }
}
