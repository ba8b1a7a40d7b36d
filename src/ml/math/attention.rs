//! Causal attention of one sequence (Vaswani et al. 2017), with grouped heads of keys and with windows.

use super::elementwise::softmax;
use super::product::{View, product};
use super::rows::dot;
use pulp::Arch;
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

/// What the queries `[queries, heads * head]` take from the values, into `out` of the same shape. The queries are those
/// of the last positions of the segments; the first query sees the first positions.
pub fn attend(queries: &[f32], segments: &[Segment<'_>], heads: Heads, out: &mut [f32]) {
    let Heads { heads: count, head, .. } = heads;
    let kv_width = heads.kv_heads * head;
    let positions: usize = segments.iter().map(|s| s.keys.len() / kv_width).sum();
    let rows = queries.len() / (count * head);
    let of_head =
        |at: usize| if rows == 1 { one(queries, segments, heads, at) } else { many(queries, segments, heads, at) };
    let parts: Vec<Vec<f32>> = (0..count).into_par_iter().map(of_head).collect();
    debug_assert!(rows <= positions, "every query has a position");
    for (at, part) in parts.iter().enumerate() {
        for (row, part) in part.chunks(head).enumerate() {
            out[row * count * head + at * head..][..head].copy_from_slice(part);
        }
    }
}

/// The first position that the query at `position` sees.
fn first_seen(position: usize, window: Option<usize>) -> usize {
    window.map_or(0, |window| (position + 1).saturating_sub(window))
}

/// One query of one head, in an order of sums that depends on nothing but the sequence.
fn one(queries: &[f32], segments: &[Segment<'_>], heads: Heads, at: usize) -> Vec<f32> {
    let Heads { heads: count, kv_heads, head, scale, window } = heads;
    let (kv_width, from) = (kv_heads * head, at / (count / kv_heads) * head);
    let query = &queries[at * head..][..head];
    let positions: usize = segments.iter().map(|s| s.keys.len() / kv_width).sum();
    let first = first_seen(positions - 1, window);
    let mut out = vec![0.0; head];
    Arch::new().dispatch(|| {
        let keys = segments.iter().flat_map(|s| s.keys.chunks_exact(kv_width)).skip(first);
        let mut scores: Vec<f32> = keys.map(|key| dot(query, &key[from..from + head]) * scale).collect();
        softmax(&mut scores);
        let values = segments.iter().flat_map(|s| s.values.chunks_exact(kv_width)).skip(first);
        for (share, value) in scores.iter().zip(values) {
            out.iter_mut().zip(&value[from..from + head]).for_each(|(out, value)| *out += share * value);
        }
    });
    out
}

/// All queries of one head.
fn many(queries: &[f32], segments: &[Segment<'_>], heads: Heads, at: usize) -> Vec<f32> {
    let Heads { heads: count, kv_heads, head, scale, window } = heads;
    let (kv_width, from) = (kv_heads * head, at / (count / kv_heads) * head);
    let rows = queries.len() / (count * head);
    let positions: usize = segments.iter().map(|s| s.keys.len() / kv_width).sum();
    let part = |data, rows, row_stride| View { data, rows, columns: head, row_stride, column_stride: 1 };
    let query = part(&queries[at * head..], rows, count * head);
    let mut scores = vec![0.0; rows * positions];
    let mut before = 0;
    for segment in segments {
        let length = segment.keys.len() / kv_width;
        if length > 0 {
            let keys = part(&segment.keys[from..], length, kv_width);
            product(query, keys.transposed(), scale, &mut scores[before..], positions, false, false);
        }
        before += length;
    }
    Arch::new().dispatch(|| {
        for (row, scores) in scores.chunks_mut(positions).enumerate() {
            let position = positions - rows + row;
            let first = first_seen(position, window);
            scores[..first].fill(0.0);
            softmax(&mut scores[first..=position]);
            scores[position + 1..].fill(0.0);
        }
    });
    let mut out = vec![0.0; rows * head];
    let mut before = 0;
    for segment in segments {
        let length = segment.keys.len() / kv_width;
        if length > 0 {
            let shares =
                View { data: &scores[before..], rows, columns: length, row_stride: positions, column_stride: 1 };
            product(shares, part(&segment.values[from..], length, kv_width), 1.0, &mut out, head, before > 0, false);
        }
        before += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, salt: usize) -> Vec<f32> {
        (0..count).map(|i| (((i + salt) * 7919 + 13) % 101) as f32 / 50.0 - 1.0).collect()
    }

    #[test]
    fn queries_together_and_one_by_one_see_the_same() {
        let sizes = Heads { heads: 4, kv_heads: 2, head: 6, scale: 0.7, window: None };
        let (positions, width, kv_width) = (11, 24, 12);
        let (queries, keys, values) =
            (numbers(positions * width, 1), numbers(positions * kv_width, 2), numbers(positions * kv_width, 3));
        for window in [None, Some(1), Some(4)] {
            let sizes = Heads { window, ..sizes };
            let mut together = vec![0.0; positions * width];
            attend(&queries, &[Segment { keys: &keys, values: &values }], sizes, &mut together);
            for at in 0..positions {
                let mut alone = vec![0.0; width];
                let cut = (at / 2) * kv_width;
                let end = (at + 1) * kv_width;
                let segments = [
                    Segment { keys: &keys[..cut], values: &values[..cut] },
                    Segment { keys: &keys[cut..end], values: &values[cut..end] },
                ];
                attend(&queries[at * width..(at + 1) * width], &segments, sizes, &mut alone);
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
