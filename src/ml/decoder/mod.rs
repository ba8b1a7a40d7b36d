//! The decoder: weights in memory, and the pass from tokens to hidden states and scores. Owns what surrounds the blocks;
//! what a family is made of is its `Spec`.

mod adapted;
mod backward;
mod block;
mod cache;
mod distillation;
#[cfg(test)]
mod distillation_tests;
#[cfg(test)]
mod gradients_tests;
mod linear;
pub mod load;
pub mod parameters;
mod parts;
pub mod squares;

pub use cache::Cache;
pub use load::Kept;

use super::math::elementwise;
use super::math::likelihood::cross_entropies;
use super::math::matrix::Matrix;
use super::math::norm;
use super::math::products::{Order, times};
use super::math::rotary::Table;
use super::spec::{Norm, Spec};
use block::{Block, Place};

/// A norm's weights.
#[derive(Clone, Debug, Default)]
struct Scale {
    weight: Vec<f32>,
    /// Empty if there is none.
    bias: Vec<f32>,
}

impl Scale {
    fn apply(&self, norm: Norm, x: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; x.len()];
        match norm {
            Norm::Rms { epsilon } => norm::rms(x, &self.weight, epsilon, &mut out),
            Norm::Layer { epsilon } => norm::layer(x, &self.weight, &self.bias, epsilon, &mut out),
        }
        out
    }
}

/// A language model in memory.
#[derive(Clone, Debug)]
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
    pub fn hidden(&self, batch: &mut [Sequence<'_>]) -> Vec<f32> {
        // On a thread of the pool: handing it work from outside costs two switches of threads every time.
        rayon::scope(|_| self.pass(batch))
    }

    fn pass(&self, batch: &mut [Sequence<'_>]) -> Vec<f32> {
        let spec = &self.spec;
        let positions: Vec<usize> = batch.iter().flat_map(|s| s.cache.len()..s.cache.len() + s.tokens.len()).collect();
        let tables = [false, true].map(|windowed| Table::new(&spec.position, windowed, &positions));
        let mut x = self.embedded(batch, &positions);
        for (at, block) in self.blocks.iter().enumerate() {
            let table = tables[usize::from(spec.windows[at].is_some())].as_ref();
            let place = Place { spec, at, positions: &positions, table, order: Order::Columns };
            x = block.forward(x, &place, batch).0;
        }
        batch.iter_mut().for_each(|sequence| sequence.cache.extend_to_keys());
        self.final_norm.apply(spec.norm, &x)
    }

    /// True if the head is a matrix of its own, not the embedding.
    pub fn has_own_head(&self) -> bool {
        self.head.is_some()
    }

    /// Gives the model a head of its own, in place of the one it has or shares with the embedding.
    ///
    /// # Panics
    /// If it is not `[vocabulary, width]`.
    pub fn set_head(&mut self, head: Matrix) {
        assert_eq!(head.shape(), (self.spec.vocabulary, self.spec.width), "a row for every word");
        self.head = Some(head);
    }

    /// Gives the model a copy of its embedding for a head of its own, as 32-bit numbers.
    pub fn head_from_embedding(&mut self) {
        self.head = None;
        self.head = Some(self.embedding.clone().unpacked());
    }

    /// Makes the embedding the head again.
    pub fn tie(&mut self) {
        self.head = None;
    }

    /// Puts another embedding in the place of the one there is.
    ///
    /// # Panics
    /// If it is not `[vocabulary, width]`.
    pub fn set_embedding(&mut self, embedding: Matrix) {
        assert_eq!(embedding.shape(), (self.spec.vocabulary, self.spec.width), "a row for every word");
        self.embedding = embedding;
    }

    /// The matrix of the head, and its bias, which is empty if there is none.
    ///
    /// # Panics
    /// If the head is the embedding.
    pub fn own_head(&mut self) -> (&mut Matrix, &[f32]) {
        (self.head.as_mut().expect("a head of its own"), &self.head_bias)
    }

    /// The matrix from hidden states to scores.
    pub fn head(&self) -> &Matrix {
        self.head.as_ref().unwrap_or(&self.embedding)
    }

    /// Scores of the vocabulary for hidden states: `[states, vocabulary]`.
    pub fn scores(&self, hidden: &[f32]) -> Vec<f32> {
        let mut scores = vec![0.0; hidden.len() / self.spec.width * self.spec.vocabulary];
        rayon::scope(|_| times(hidden, vec![(self.head(), &mut scores[..])], Order::Columns));
        elementwise::add_bias(&mut scores, &self.head_bias);
        scores
    }

    /// Cross entropy in nats of `targets`, one for each of the hidden states, without the scores of the vocabulary.
    ///
    /// # Panics
    /// If a target is not in the vocabulary.
    pub fn cross_entropies(&self, hidden: &[f32], targets: &[u32]) -> Vec<f32> {
        rayon::scope(|_| cross_entropies(hidden, self.head(), &self.head_bias, targets))
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
}
