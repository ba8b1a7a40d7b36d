//! A block of the decoder: attention and feed-forward, and how they follow each other. Owns the order of a block's steps
//! and what a backward pass needs of them.

use super::linear::{Linear, apply_each};
use super::{Scale, Sequence};
use crate::ml::math::attention::{Heads, Turn, attend};
use crate::ml::math::products::Order;
use crate::ml::math::rotary::Table;
use crate::ml::math::{elementwise, norm};
use crate::ml::spec::{Norm, Residual, Spec};

/// The weights of a block.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub attention_norm: Scale,
    /// Empty where attention and feed-forward share a norm.
    pub mlp_norm: Scale,
    pub post: Option<[Scale; 2]>,
    pub query: Linear,
    pub key: Linear,
    pub value: Linear,
    /// Weights per head, empty if queries and keys are not normalised.
    pub query_norm: Vec<f32>,
    pub key_norm: Vec<f32>,
    pub output: Linear,
    pub gate: Option<Linear>,
    pub up: Linear,
    pub down: Linear,
}

/// What a block must know of where it is.
pub(super) struct Place<'a> {
    pub spec: &'a Spec,
    /// The layer.
    pub at: usize,
    /// Of every token.
    pub positions: &'a [usize],
    /// Angles of its positions.
    pub table: Option<&'a Table>,
    /// Of the sums of its products.
    pub order: Order,
}

/// What a block computed on the way to its result: `[tokens, ..]` each, empty where the family has no such step.
#[derive(Debug, Default)]
pub(super) struct Steps {
    /// Where the block began.
    pub x: Vec<f32>,
    /// Normalised, as attention sees it.
    pub attention_in: Vec<f32>,
    /// As they came out of their linear maps, if they are normalised.
    pub raw_query: Vec<f32>,
    pub raw_key: Vec<f32>,
    /// Normalised and rotated.
    pub query: Vec<f32>,
    pub key: Vec<f32>,
    pub value: Vec<f32>,
    /// What the heads took from the values.
    pub attended: Vec<f32>,
    /// Behind the linear map, in front of a second norm.
    pub attention_out: Vec<f32>,
    /// The sum that the feed-forward part begins with, where it begins with one.
    pub middle: Vec<f32>,
    /// Normalised, as the feed-forward part sees it, if it does not share attention's.
    pub mlp_in: Vec<f32>,
    pub gate: Vec<f32>,
    pub up: Vec<f32>,
    /// Activated.
    pub inner: Vec<f32>,
    pub mlp_out: Vec<f32>,
}

impl Block {
    /// The residual stream behind the block, and the steps to it. The caches of the sequences take the new keys and values.
    pub fn forward(&self, x: Vec<f32>, place: &Place<'_>, batch: &mut [Sequence<'_>]) -> (Vec<f32>, Steps) {
        let norm = place.spec.norm;
        let mut steps = Steps { attention_in: self.attention_norm.apply(norm, &x), ..Steps::default() };
        self.attention(place, batch, &mut steps);
        let mut out = x.clone();
        match place.spec.residual {
            Residual::Sequential | Residual::Sandwich => {
                match &self.post {
                    Some([post, _]) => elementwise::add(&mut out, &post.apply(norm, &steps.attention_out)),
                    None => elementwise::add(&mut out, &steps.attention_out),
                }
                steps.middle.clone_from(&out);
                steps.mlp_in = self.mlp_norm.apply(norm, &out);
                self.mlp(place, &mut steps);
                match &self.post {
                    Some([_, post]) => elementwise::add(&mut out, &post.apply(norm, &steps.mlp_out)),
                    None => elementwise::add(&mut out, &steps.mlp_out),
                }
            }
            Residual::Parallel { norms } => {
                if norms == 2 {
                    steps.mlp_in = self.mlp_norm.apply(norm, &x);
                }
                self.mlp(place, &mut steps);
                elementwise::add(&mut out, &steps.attention_out);
                elementwise::add(&mut out, &steps.mlp_out);
            }
        }
        steps.x = x;
        (out, steps)
    }

    fn attention(&self, place: &Place<'_>, batch: &mut [Sequence<'_>], steps: &mut Steps) {
        let spec = place.spec;
        let [query, key, value] = apply_each([&self.query, &self.key, &self.value], &steps.attention_in, place.order);
        (steps.query, steps.raw_query) = turned(query, &self.query_norm, spec.heads, place);
        (steps.key, steps.raw_key) = turned(key, &self.key_norm, spec.kv_heads, place);
        steps.value = value;
        let (width, kv_width) = (spec.query_width(), spec.kv_width());
        let mut each = steps.key.chunks(kv_width).zip(steps.value.chunks(kv_width));
        for sequence in &mut *batch {
            for (key, value) in each.by_ref().take(sequence.tokens.len()) {
                sequence.cache.extend(place.at, key, value);
            }
        }
        steps.attended = vec![0.0; steps.query.len()];
        let (mut queries, mut rest) = (&steps.query[..], &mut steps.attended[..]);
        let mut turns = Vec::with_capacity(batch.len());
        for sequence in &*batch {
            let own = sequence.tokens.len() * width;
            let (first, others) = queries.split_at(own);
            let (out, left) = std::mem::take(&mut rest).split_at_mut(own);
            (queries, rest) = (others, left);
            turns.push(Turn { queries: first, segments: sequence.cache.segments(place.at), out });
        }
        attend(turns, heads(place));
        steps.attention_out = self.output.apply(&steps.attended, place.order);
    }

    fn mlp(&self, place: &Place<'_>, steps: &mut Steps) {
        let x = if steps.mlp_in.is_empty() { &steps.attention_in } else { &steps.mlp_in };
        let activation = place.spec.mlp.activation;
        match &self.gate {
            Some(gate) => {
                [steps.gate, steps.up] = apply_each([gate, &self.up], x, place.order);
                steps.inner.clone_from(&steps.gate);
                elementwise::gated(activation, &mut steps.inner, &steps.up);
            }
            None => {
                steps.up = self.up.apply(x, place.order);
                steps.inner.clone_from(&steps.up);
                elementwise::activated(activation, &mut steps.inner);
            }
        }
        steps.mlp_out = self.down.apply(&steps.inner, place.order);
    }
}

/// The sizes of a layer's heads.
pub(super) fn heads(place: &Place<'_>) -> Heads {
    let spec = place.spec;
    Heads {
        heads: spec.heads,
        kv_heads: spec.kv_heads,
        head: spec.head,
        scale: spec.attention_scale,
        window: spec.windows[place.at],
    }
}

/// Queries or keys per head normalised (if the family does so) and rotated, and as they were before, if they were normalised.
fn turned(x: Vec<f32>, weight: &[f32], heads: usize, place: &Place<'_>) -> (Vec<f32>, Vec<f32>) {
    let (Norm::Rms { epsilon } | Norm::Layer { epsilon }) = place.spec.norm;
    let (mut x, raw) = match weight {
        [] => (x, vec![]),
        _ => {
            let mut out = vec![0.0; x.len()];
            norm::rms(&x, weight, epsilon, &mut out);
            (out, x)
        }
    };
    if let Some(table) = place.table {
        table.rotate(&mut x, heads, place.spec.head, place.positions);
    }
    (x, raw)
}
