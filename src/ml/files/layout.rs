//! How parts lie in tensors: which shape a tensor has, which of its rows a part is, and what is added to the numbers.
//! Both directions, reading and writing, are built on it. Reads and writes nothing itself.

use super::names::{Format, Layout};
use crate::ml::spec::LayerPart as L;
use crate::ml::spec::{Family, Part, Spec};

impl Layout {
    /// Whether a tensor of this layout has all of queries, keys and values.
    pub fn is_fused(self) -> bool {
        matches!(self, Layout::Stacked | Layout::StackedTransposed | Layout::Grouped)
    }

    /// Whether a matrix lies as `[in, out]`.
    pub fn is_transposed(self) -> bool {
        matches!(self, Layout::Transposed | Layout::StackedTransposed)
    }
}

/// The shape of the tensor that has a part.
pub fn tensor_shape(spec: &Spec, part: Part, layout: Layout) -> Vec<usize> {
    let mut shape = spec.shape(part);
    if layout.is_fused() {
        shape[0] = spec.query_width() + 2 * spec.kv_width();
    }
    if layout.is_transposed() {
        shape.reverse();
    }
    shape
}

/// Which rows of its tensor, or of a transposed one columns, a part is, in the part's order; `None` for all as they are.
pub fn rows(spec: &Spec, format: Format, part: Part, layout: Layout) -> Option<Vec<usize>> {
    let Part::Layer(_, part) = part else { return None };
    let (q, kv, head) = (spec.query_width(), spec.kv_width(), spec.head);
    let third = match part {
        L::Query | L::QueryBias => 0,
        L::Key | L::KeyBias => 1,
        L::Value | L::ValueBias => 2,
        _ => return None,
    };
    match layout {
        Layout::Stacked | Layout::StackedTransposed => {
            let bounds = [0, q, q + kv, q + 2 * kv];
            Some((bounds[third]..bounds[third + 1]).collect())
        }
        Layout::Grouped => {
            let served = spec.heads / spec.kv_heads;
            let heads = [0..served, served..served + 1, served + 1..served + 2][third].clone();
            let group = |g: usize| heads.clone().map(move |h| (g * (served + 2) + h) * head);
            Some((0..spec.kv_heads).flat_map(group).flat_map(|row| row..row + head).collect())
        }
        // llama.cpp rotates neighbours where we rotate halves: its converter puts row `i` of the second half behind
        // row `i` of the first.
        Layout::Plain if format == Format::Gguf && spec.family == Family::Llama && third < 2 => {
            let heads = if third == 0 { spec.heads } else { spec.kv_heads };
            let half = |h: usize, second: usize| (0..head / 2).map(move |i| h * head + 2 * i + second);
            Some((0..heads).flat_map(|h| half(h, 0).chain(half(h, 1))).collect())
        }
        Layout::Plain | Layout::Transposed => None,
    }
}

/// What is missing from the numbers in a file. Gemma multiplies by 1 + weight; converters to GGUF have added the one
/// already.
pub fn left_out(spec: &Spec, format: Format, part: Part) -> f32 {
    if spec.family == Family::Gemma3 && format == Format::Safetensors && is_norm(part) { 1.0 } else { 0.0 }
}

fn is_norm(part: Part) -> bool {
    use L::{AttentionNorm, AttentionPostNorm, KeyNorm, MlpNorm, MlpPostNorm, QueryNorm};
    let norms = [AttentionNorm, AttentionPostNorm, KeyNorm, MlpNorm, MlpPostNorm, QueryNorm];
    part == Part::FinalNorm || matches!(part, Part::Layer(_, part) if norms.contains(&part))
}
