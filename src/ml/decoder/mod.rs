//! The decoder: weights in memory, and the pass from tokens to hidden states and scores. Owns the order of a block's
//! steps; what a family is made of is its `Spec`.

mod cache;
pub mod load;
pub use load::Kept;
mod matrix;

pub use cache::Cache;
use matrix::times_each;
pub use matrix::{How, Matrix};

use super::math::attention::{Heads, Turn, attend};
use super::math::likelihood::cross_entropies;
use super::math::many::Panels;
use super::math::{elementwise, norm, rotary::Table};
use super::spec::{Norm, Residual, Spec};

/// A norm's weights.
#[derive(Debug, Default)]
struct Scale {
    weight: Vec<f32>,
    /// Empty if there is none.
    bias: Vec<f32>,
}

/// A linear map. The bias is empty if there is none.
#[derive(Debug)]
struct Linear {
    matrix: Matrix,
    bias: Vec<f32>,
}

#[derive(Debug)]
struct Block {
    attention_norm: Scale,
    /// Empty where attention and feed-forward share a norm.
    mlp_norm: Scale,
    post: Option<[Scale; 2]>,
    query: Linear,
    key: Linear,
    value: Linear,
    /// Weights per head, empty if queries and keys are not normalised.
    query_norm: Vec<f32>,
    key_norm: Vec<f32>,
    output: Linear,
    gate: Option<Linear>,
    up: Linear,
    down: Linear,
}

/// A language model in memory.
#[derive(Debug)]
pub struct Decoder {
    pub spec: Spec,
    embedding: Matrix,
    positions: Vec<f32>,
    blocks: Vec<Block>,
    final_norm: Scale,
    /// `None` if it is the embedding.
    head: Option<Matrix>,
    head_bias: Vec<f32>,
}

/// New tokens of one sequence, behind those its cache holds.
pub struct Sequence<'a> {
    pub tokens: &'a [u32],
    pub cache: &'a mut Cache,
}

impl Decoder {
    /// The hidden states behind the last norm, `[all new tokens, width]`, sequence after sequence. The caches then hold
    /// the new tokens too.
    pub fn hidden(&self, batch: &mut [Sequence<'_>], how: How) -> Vec<f32> {
        // On a thread of the pool: handing it work from outside costs two switches of threads every time.
        rayon::scope(|_| self.pass(batch, how))
    }

    fn pass(&self, batch: &mut [Sequence<'_>], how: How) -> Vec<f32> {
        let spec = &self.spec;
        let positions: Vec<usize> = batch.iter().flat_map(|s| s.cache.len()..s.cache.len() + s.tokens.len()).collect();
        let tables = [false, true].map(|windowed| Table::new(&spec.position, windowed, &positions));
        let mut x = self.embedded(batch, &positions);
        for (at, block) in self.blocks.iter().enumerate() {
            let table = tables[usize::from(spec.windows[at].is_some())].as_ref();
            let before = self.normalised(&block.attention_norm, &x);
            let mut attention = self.attention(at, &before, batch, &positions, table, how);
            match spec.residual {
                Residual::Sequential => {
                    elementwise::add(&mut x, &attention);
                    let before = self.normalised(&block.mlp_norm, &x);
                    elementwise::add(&mut x, &self.mlp(block, &before, how));
                }
                Residual::Sandwich => {
                    let post = block.post.as_ref().expect("a sandwich has norms behind its parts");
                    attention = self.normalised(&post[0], &attention);
                    elementwise::add(&mut x, &attention);
                    let before = self.normalised(&block.mlp_norm, &x);
                    let mlp = self.mlp(block, &before, how);
                    elementwise::add(&mut x, &self.normalised(&post[1], &mlp));
                }
                Residual::Parallel { norms } => {
                    let own = (norms == 2).then(|| self.normalised(&block.mlp_norm, &x));
                    let mlp = self.mlp(block, own.as_ref().unwrap_or(&before), how);
                    elementwise::add(&mut x, &attention);
                    elementwise::add(&mut x, &mlp);
                }
            }
        }
        batch.iter_mut().for_each(|sequence| sequence.cache.extend_to_keys());
        self.normalised(&self.final_norm, &x)
    }

    /// Scores of the vocabulary for hidden states: `[states, vocabulary]`.
    pub fn scores(&self, hidden: &[f32], how: How) -> Vec<f32> {
        let head = self.head.as_ref().unwrap_or(&self.embedding);
        let mut scores = rayon::scope(|_| head.times(hidden, how));
        elementwise::add_bias(&mut scores, &self.head_bias);
        scores
    }

    /// Cross entropy in nats of `targets`, one for each of the hidden states, without the scores of the vocabulary.
    ///
    /// # Panics
    /// If a target is not in the vocabulary.
    pub fn cross_entropies(&self, hidden: &[f32], targets: &[u32]) -> Vec<f32> {
        let head = self.head.as_ref().unwrap_or(&self.embedding);
        rayon::scope(|_| cross_entropies(&Panels::new(hidden, self.spec.width), head.rows(), &self.head_bias, targets))
    }

    fn embedded(&self, batch: &[Sequence<'_>], positions: &[usize]) -> Vec<f32> {
        let width = self.spec.width;
        let mut x = vec![0.0; positions.len() * width];
        let tokens = batch.iter().flat_map(|s| s.tokens);
        for ((x, token), position) in x.chunks_mut(width).zip(tokens).zip(positions) {
            self.embedding.row(*token as usize, x);
            x.iter_mut().for_each(|x| *x *= self.spec.embedding_scale);
            if let Some(own) = self.positions.get(position * width..(position + 1) * width) {
                x.iter_mut().zip(own).for_each(|(x, own)| *x += own);
            }
        }
        x
    }

    fn normalised(&self, scale: &Scale, x: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; x.len()];
        match self.spec.norm {
            Norm::Rms { epsilon } => norm::rms(x, &scale.weight, epsilon, &mut out),
            Norm::Layer { epsilon } => norm::layer(x, &scale.weight, &scale.bias, epsilon, &mut out),
        }
        out
    }

    /// Queries or keys per head normalised (if the family does so) and rotated.
    fn turned(
        &self,
        x: Vec<f32>,
        weight: &[f32],
        heads: usize,
        positions: &[usize],
        table: Option<&Table>,
    ) -> Vec<f32> {
        let mut x = match (weight.is_empty(), self.spec.norm) {
            (true, _) => x,
            (false, Norm::Rms { epsilon } | Norm::Layer { epsilon }) => {
                let mut out = vec![0.0; x.len()];
                norm::rms(&x, weight, epsilon, &mut out);
                out
            }
        };
        if let Some(table) = table {
            table.rotate(&mut x, heads, self.spec.head, positions);
        }
        x
    }

    fn attention(
        &self,
        at: usize,
        x: &[f32],
        batch: &mut [Sequence<'_>],
        positions: &[usize],
        table: Option<&Table>,
        how: How,
    ) -> Vec<f32> {
        let (spec, block) = (&self.spec, &self.blocks[at]);
        let [query, key, value] = apply_each([&block.query, &block.key, &block.value], x, how);
        let query = self.turned(query, &block.query_norm, spec.heads, positions, table);
        let key = self.turned(key, &block.key_norm, spec.kv_heads, positions, table);
        let heads = Heads {
            heads: spec.heads,
            kv_heads: spec.kv_heads,
            head: spec.head,
            scale: spec.attention_scale,
            window: spec.windows[at],
        };
        let (width, kv_width) = (spec.query_width(), spec.kv_width());
        let mut out = vec![0.0; query.len()];
        let (keys, values) = (key.chunks(kv_width), value.chunks(kv_width));
        let mut each = keys.zip(values);
        for sequence in &mut *batch {
            for (key, value) in each.by_ref().take(sequence.tokens.len()) {
                sequence.cache.extend(at, key, value);
            }
        }
        let (mut queries, mut rest) = (&query[..], &mut out[..]);
        let mut turns = Vec::with_capacity(batch.len());
        for sequence in &*batch {
            let own = sequence.tokens.len() * width;
            let (first, others) = queries.split_at(own);
            let (out, left) = std::mem::take(&mut rest).split_at_mut(own);
            (queries, rest) = (others, left);
            turns.push(Turn { queries: first, segments: sequence.cache.segments(at), out });
        }
        attend(turns, heads);
        block.output.apply(&out, how)
    }

    fn mlp(&self, block: &Block, x: &[f32], how: How) -> Vec<f32> {
        let activation = self.spec.mlp.activation;
        let inner = match &block.gate {
            Some(gate) => {
                let [mut inner, up] = apply_each([gate, &block.up], x, how);
                elementwise::gated(activation, &mut inner, &up);
                inner
            }
            None => {
                let mut inner = block.up.apply(x, how);
                elementwise::activated(activation, &mut inner);
                inner
            }
        };
        block.down.apply(&inner, how)
    }
}

impl Linear {
    fn apply(&self, x: &[f32], how: How) -> Vec<f32> {
        let [out] = apply_each([self], x, how);
        out
    }
}

/// Several linear maps of the same vectors.
fn apply_each<const N: usize>(linear: [&Linear; N], x: &[f32], how: How) -> [Vec<f32>; N] {
    let mut out = times_each(linear.map(|linear| &linear.matrix), x, how);
    linear.iter().zip(&mut out).for_each(|(linear, out)| elementwise::add_bias(out, &linear.bias));
    out
}
