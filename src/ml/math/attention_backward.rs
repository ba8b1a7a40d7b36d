//! Backward pass of `attention`, for training: whole sequences without a cache. Shares are computed again from queries and
//! keys, some queries at a time, so that those of all heads are never in memory.

use super::attention::{Heads, first_seen, share};
use super::elementwise::add;
use super::group::Group;
use super::lanes::{InLanes, InRegisters, dot};
use super::product::{View, product};
use pulp::{Arch, Simd};
use rayon::prelude::*;

/// A sequence from its first position on, as [`attend`](super::attention::attend) had it, and the gradients of it.
pub struct TurnBackward<'a> {
    /// `[positions, heads * head]`.
    pub queries: &'a [f32],
    /// `[positions, kv_heads * head]`.
    pub keys: &'a [f32],
    /// `[positions, kv_heads * head]`.
    pub values: &'a [f32],
    /// The gradient of what the queries took.
    pub dout: &'a [f32],
    /// Overwritten, as are the other two.
    pub dqueries: &'a mut [f32],
    pub dkeys: &'a mut [f32],
    pub dvalues: &'a mut [f32],
}

/// Parts of a sequence at most. More of them keep more threads busy with one sequence, but each that is not the last has
/// gradients of keys and values of its own until it is added, and fresh memory is dear.
const PARTS: usize = 4;

/// Queries of a part, if they are not the last.
const ROWS: usize = 64;

/// Gradients of queries, keys and values of sequences. Those of a sequence depend on nothing else.
///
/// # Panics
/// If the shapes of a sequence do not fit together.
pub fn attend_backward(turns: Vec<TurnBackward<'_>>, heads: Heads) {
    let (width, kv_width) = (heads.heads * heads.head, heads.kv_heads * heads.head);
    let mut sequences = Vec::new();
    for TurnBackward { queries, keys, values, dout, dqueries, dkeys, dvalues } in turns {
        let positions = keys.len() / kv_width;
        assert!(keys.len() == positions * kv_width && queries.len() == positions * width, "a query for every key");
        assert!(values.len() == keys.len() && dout.len() == queries.len(), "a value for every key");
        assert!(dqueries.len() == queries.len(), "gradients are as long as what they are of");
        assert!(dkeys.len() == keys.len() && dvalues.len() == keys.len(), "gradients are as long as what they are of");
        let rows = positions.div_ceil(PARTS).next_multiple_of(ROWS);
        let each = queries.chunks(rows * width).zip(dout.chunks(rows * width)).zip(dqueries.chunks_mut(rows * width));
        let parts = each.enumerate().map(|(i, ((queries, dout), dqueries))| {
            let first = i * rows;
            let from = first_seen(first, heads.window);
            let seen = from * kv_width..(first + queries.len() / width) * kv_width;
            let (keys, values) = (&keys[seen.clone()], &values[seen]);
            Part { queries, keys, values, dout, dqueries, from, first: first - from, heads }
        });
        sequences.push((parts.collect::<Vec<_>>(), dkeys, dvalues));
    }
    sequences.into_par_iter().for_each(|(mut parts, dkeys, dvalues)| {
        dkeys.fill(0.0);
        dvalues.fill(0.0);
        let Some(last) = parts.pop() else { return };
        let start = last.from * kv_width;
        // The last part takes the longest, and adds to where the sum will be.
        let ((), found) = rayon::join(
            || last.run(&mut dkeys[start..], &mut dvalues[start..]),
            || parts.into_par_iter().rev().map(Part::alone).collect::<Vec<_>>(),
        );
        for (start, own_dkeys, own_dvalues) in found {
            add(&mut dkeys[start..][..own_dkeys.len()], &own_dkeys);
            add(&mut dvalues[start..][..own_dvalues.len()], &own_dvalues);
        }
    });
}

/// Queries that follow each other, and the keys that one of them sees.
struct Part<'a> {
    queries: &'a [f32],
    keys: &'a [f32],
    values: &'a [f32],
    dout: &'a [f32],
    dqueries: &'a mut [f32],
    /// The position of the first key.
    from: usize,
    /// Where the first query is among the keys.
    first: usize,
    heads: Heads,
}

impl Part<'_> {
    /// Where in those of the sequence the gradients of the keys and values that it sees begin, and what it adds to them.
    fn alone(self) -> (usize, Vec<f32>, Vec<f32>) {
        let start = self.from * self.heads.kv_heads * self.heads.head;
        let (mut dkeys, mut dvalues) = (vec![0.0; self.keys.len()], vec![0.0; self.keys.len()]);
        self.run(&mut dkeys, &mut dvalues);
        (start, dkeys, dvalues)
    }

    /// With shares `P = softmax(scale Q K^T)`, of which `O = P V`, and `dP = dO V^T`:
    /// `dS = P (dP - sum_j(P dP))`, `dQ = scale dS K`, `dK = scale dS^T Q`, `dV = P^T dO`.
    fn run(self, dkeys: &mut [f32], dvalues: &mut [f32]) {
        let Heads { heads: count, kv_heads, head, scale, window } = self.heads;
        let (width, kv_width, group) = (count * head, kv_heads * head, self.heads.group());
        let together = self.heads.rows_together();
        let (mut shares, mut slopes, mut spaces) = (Vec::new(), Vec::new(), [const { Vec::new() }; 3]);
        let blocks = self.queries.chunks(together * width).zip(self.dout.chunks(together * width));
        for (i, ((queries, dout), dqueries)) in blocks.zip(self.dqueries.chunks_mut(together * width)).enumerate() {
            let first = self.first + i * together;
            let from = first_seen(first, window);
            let length = first + queries.len() / width - from;
            let rows = queries.len() / width * group;
            shares.resize(rows * length, 0.0);
            slopes.resize(rows * length, 0.0);
            for at in 0..kv_heads {
                let own = Group::new(&self.heads, at);
                let [q_space, out_space, found_space] = &mut spaces;
                let (queries, dout) = (own.matrix(queries, q_space), own.matrix(dout, out_space));
                let start = from * kv_width + at * head;
                let seen = |data| View { data, rows: length, columns: head, row_stride: kv_width, column_stride: 1 };
                let (keys, values) = (seen(&self.keys[start..]), seen(&self.values[start..]));
                product(queries, keys.transposed(), scale, &mut shares, length, false, false);
                product(dout, values.transposed(), 1.0, &mut slopes, length, false, false);
                let (shares, slopes) = (&mut shares[..rows * length], &mut slopes[..rows * length]);
                let first = first - from;
                Arch::new().dispatch(InLanes(Slopes { shares, slopes, length, first, group, window }));
                let (shares, slopes) = (View::new(shares, rows, length), View::new(slopes, rows, length));
                own.product(slopes, keys, scale, dqueries, false, found_space);
                product(slopes.transposed(), queries, scale, &mut dkeys[start..], kv_width, true, false);
                product(shares.transposed(), dout, 1.0, &mut dvalues[start..], kv_width, true, false);
            }
        }
    }
}

/// Makes scores `[queries * group, length]` shares, and the shares' gradients those of the scores. The first query is at
/// position `first`.
struct Slopes<'a> {
    shares: &'a mut [f32],
    slopes: &'a mut [f32],
    length: usize,
    first: usize,
    group: usize,
    window: Option<usize>,
}

impl InRegisters for Slopes<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(self, simd: S) {
        let rows = self.shares.chunks_exact_mut(self.length).zip(self.slopes.chunks_exact_mut(self.length));
        for (row, (shares, slopes)) in rows.enumerate() {
            let last = self.first + row / self.group;
            let first = first_seen(last, self.window);
            share(shares, first, last);
            let mean = dot::<S, R>(simd, &shares[first..=last], &slopes[first..=last]);
            slopes[..first].fill(0.0);
            slopes[last + 1..].fill(0.0);
            for (slope, share) in slopes[first..=last].iter_mut().zip(&shares[first..=last]) {
                *slope = share * (*slope - mean);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::attention::{Segment, Turn, attend};
    use super::*;
    use crate::ml::math::differences::{assert_same_for_all_threads, assert_slopes, numbers, weighed};

    /// What sequences take from their values. Of each, `inputs` has queries, keys and values.
    fn outputs<T: AsRef<[f32]>>(inputs: &[T], heads: Heads) -> Vec<Vec<f32>> {
        let sequences = inputs.chunks(3);
        let mut out: Vec<Vec<f32>> = sequences.clone().map(|own| vec![0.0; own[0].as_ref().len()]).collect();
        let turns = sequences.zip(&mut out).map(|(own, out)| {
            let [queries, keys, values] = [0, 1, 2].map(|i| own[i].as_ref());
            Turn { queries, segments: vec![Segment { keys, values }], out }
        });
        attend(turns.collect(), heads);
        out
    }

    fn gradients(inputs: &[Vec<f32>], douts: &[Vec<f32>], heads: Heads) -> Vec<Vec<f32>> {
        let mut found: Vec<Vec<f32>> = inputs.iter().map(|input| vec![7.0; input.len()]).collect();
        let sequences = inputs.chunks(3).zip(douts).zip(found.chunks_mut(3));
        let turns = sequences.map(|((own, dout), found)| {
            let [dqueries, dkeys, dvalues] = found else { panic!("three inputs") };
            let [queries, keys, values] = [&own[0], &own[1], &own[2]];
            TurnBackward { queries, keys, values, dout, dqueries, dkeys, dvalues }
        });
        attend_backward(turns.collect(), heads);
        found
    }

    /// Queries, keys and values of each sequence, and the gradients of what they take.
    fn batch(lengths: &[usize], heads: Heads, seed: u64) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
        let (width, kv_width) = (heads.heads * heads.head, heads.kv_heads * heads.head);
        let (mut inputs, mut douts) = (Vec::new(), Vec::new());
        for (i, length) in lengths.iter().enumerate() {
            let of = |width: usize, salt: u64| numbers(length * width, seed * 1000 + i as u64 * 10 + salt);
            inputs.extend([of(width, 0), of(kv_width, 1), of(kv_width, 2)]);
            douts.push(of(width, 3));
        }
        (inputs, douts)
    }

    #[test]
    fn gradients_are_slopes() {
        let sizes = [
            (4, 2, 6, vec![11, 3, 1], 0.7),
            (4, 1, 20, vec![ROWS + 5], 0.5),
            (3, 3, 16, vec![2 * ROWS, 1, ROWS], 0.4),
            // Parts of more than one block.
            (1, 1, 4, vec![PARTS * ROWS + ROWS / 2], 1.0),
        ];
        for (seed, (heads, kv_heads, head, lengths, scale)) in sizes.into_iter().enumerate() {
            for window in [None, Some(1), Some(4), Some(ROWS + 3)] {
                let heads = Heads { heads, kv_heads, head, scale, window };
                let (inputs, douts) = batch(&lengths, heads, seed as u64);
                let found = gradients(&inputs, &douts, heads);
                let what = format!("{heads:?} {lengths:?}");
                // One that sees only itself takes all of its value, whatever the query.
                let moving = |i: usize| i % 3 == 2 || (window != Some(1) && lengths[i / 3] > 1);
                for (i, own) in found.iter().enumerate() {
                    if moving(i) {
                        let width = own.len() / lengths[i / 3];
                        let seen = if i % 3 == 0 { width } else { 0 };
                        assert!(
                            own[seen..].iter().all(|g| *g != 0.0 && g.is_finite()),
                            "{what}: every gradient is there"
                        );
                    } else {
                        assert!(own.iter().all(|g| g.abs() < 1e-5), "{what}: nothing to gain");
                    }
                }
                let checked: Vec<usize> = (0..inputs.len()).filter(|i| moving(*i)).collect();
                let of = |all: &[Vec<f32>]| -> Vec<Vec<f32>> { checked.iter().map(|i| all[*i].clone()).collect() };
                let (own, slopes) = (of(&inputs), of(&found));
                let own: Vec<&[f32]> = own.iter().map(Vec::as_slice).collect();
                let slopes: Vec<&[f32]> = slopes.iter().map(Vec::as_slice).collect();
                assert_slopes(&what, &own, &slopes, |moved| {
                    let mut inputs = inputs.clone();
                    checked.iter().zip(moved).for_each(|(i, moved)| inputs[*i].clone_from(moved));
                    outputs(&inputs, heads).iter().zip(&douts).map(|(y, dout)| weighed(y, dout)).sum()
                });
            }
        }
    }

    #[test]
    fn gradients_do_not_depend_on_the_threads_or_the_batch() {
        let heads = Heads { heads: 4, kv_heads: 2, head: 10, scale: 0.6, window: None };
        let (inputs, douts) = batch(&[300, 70, 2, 190], heads, 9);
        assert_same_for_all_threads(|| gradients(&inputs, &douts, heads).concat());
        let together = gradients(&inputs, &douts, heads);
        let alone = gradients(&inputs[3..6], &douts[1..2], heads);
        assert_eq!(alone, together[3..6]);
    }
}
