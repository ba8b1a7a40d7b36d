//! Adapters on matrices that have queries, keys and values in one: taken apart, and put together.

use super::LowRank;
use crate::ml::files::layout;
use crate::ml::files::names::{Format, Layout};
use crate::ml::spec::{LayerPart, Part, Spec};

/// Rows of the fused matrix that a part is.
fn rows(spec: &Spec, part: LayerPart, layout: Layout) -> Vec<usize> {
    layout::rows(spec, Format::Safetensors, Part::Layer(0, part), layout).unwrap_or_default()
}

/// The map of one part of a fused matrix with `map`: the same `A`, and the part's rows of `B`. Where `map` has more than
/// the `usual` rank, what does nothing to this part is left out, so that [`join`] is undone.
pub fn part_of(map: &LowRank, spec: &Spec, part: LayerPart, layout: Layout, usual: usize) -> LowRank {
    let inputs = spec.width;
    let rank = map.rank(inputs);
    let row = |row: usize| &map.b[row * rank..(row + 1) * rank];
    let rows = rows(spec, part, layout);
    let mut used: Vec<usize> = (0..rank).collect();
    if rank > usual {
        used.retain(|at| rows.iter().any(|r| row(*r)[*at] != 0.0));
        if used.is_empty() {
            used = (0..rank).collect();
        }
    }
    LowRank {
        a: used.iter().flat_map(|at| &map.a[at * inputs..(at + 1) * inputs]).copied().collect(),
        b: rows.iter().flat_map(|r| used.iter().map(|at| row(*r)[*at])).collect(),
    }
}

/// One map of a fused matrix that does what these maps of its parts do. With one `A` for all it keeps it; else each map
/// has its own block of the rank, and zeros elsewhere.
pub fn join(maps: &[(LayerPart, &LowRank)], spec: &Spec, layout: Layout) -> LowRank {
    let inputs = spec.width;
    let mut blocks: Vec<&[f32]> = Vec::new();
    let mut place = Vec::new();
    for (_, map) in maps {
        let same = blocks.iter().position(|a| **a == map.a[..]);
        place.push(same.unwrap_or(blocks.len()));
        if same.is_none() {
            blocks.push(&map.a);
        }
    }
    let a = blocks.concat();
    let rank = a.len() / inputs;
    let mut b = vec![0.0; (spec.query_width() + 2 * spec.kv_width()) * rank];
    for ((part, map), at) in maps.iter().zip(place) {
        let own = map.rank(inputs);
        let first: usize = blocks[..at].iter().map(|a| a.len() / inputs).sum();
        for (row, values) in rows(spec, *part, layout).into_iter().zip(map.b.chunks_exact(own)) {
            b[row * rank + first..][..own].copy_from_slice(values);
        }
    }
    LowRank { a, b }
}
