//! What a decoder is made of, as data: one decoder serves all families, and a family is a `Spec` and the names of its
//! tensors. Owns no weights and reads no files.

use serde::{Deserialize, Serialize};

/// Families of models, by the `model_type` of their configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Gemma 3 (text).
    Gemma3,
    /// LLaMA 2 and 3, and what is built the same: TinyLlama, SmolLM, Mistral.
    Llama,
    /// Qwen 2 and 2.5: LLaMA with biases on queries, keys and values.
    Qwen2,
    /// Qwen 3: LLaMA with normalised queries and keys.
    Qwen3,
    Gpt2,
    /// Phi 1, 1.5 and 2.
    Phi,
    /// Falcon 7B and larger, with rotary positions.
    Falcon,
}

/// How activations are normalised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Norm {
    /// `x / sqrt(mean(x^2) + epsilon) * weight` (Zhang and Sennrich 2019).
    Rms { epsilon: f32 },
    /// `(x - mean) / sqrt(variance + epsilon) * weight + bias` (Ba et al. 2016).
    Layer { epsilon: f32 },
}

/// How positions are told.
#[derive(Clone, Debug, PartialEq)]
pub enum Position {
    /// Rotations of pairs `(i, i + rotary / 2)` of the first `rotary` coordinates of a head (Su et al. 2021).
    Rotary {
        /// Coordinates of a head that are rotated.
        rotary: usize,
        /// Base of the frequencies `base^(-2i / rotary)`.
        base: f32,
        /// The base in layers with a window, where it is another (Gemma 3).
        windowed_base: Option<f32>,
        scaling: Scaling,
    },
    /// A learned vector for each position, added to the token's.
    Learned { positions: usize },
}

/// How frequencies are stretched to reach beyond the positions of pre-training. Layers with a window of their own base
/// are never stretched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scaling {
    None,
    /// All frequencies divided by `factor`.
    Linear {
        factor: f32,
    },
    /// LLaMA 3.1: low frequencies divided by `factor`, high ones kept, those between blended.
    Llama3 {
        factor: f32,
        low: f32,
        high: f32,
        original: f32,
    },
}

/// Activation functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `x * sigmoid(x)`.
    Silu,
    /// `x * Phi(x)`, with the error function.
    Gelu,
    /// GELU by its tanh approximation (Hendrycks and Gimpel 2016).
    GeluTanh,
}

/// The feed-forward part of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mlp {
    /// Width between its two linear maps.
    pub width: usize,
    pub activation: Activation,
    /// True for `down(activation(gate(x)) * up(x))`, false for `down(activation(up(x)))`.
    pub gated: bool,
}

/// How the two parts of a block follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Residual {
    /// `x += attention(norm(x)); x += mlp(norm(x))`.
    Sequential,
    /// The same, each part normalised again before it is added (Gemma 3).
    Sandwich,
    /// `x += attention(norm(x)) + mlp(norm(x))`, with one norm for both or one each.
    Parallel { norms: usize },
}

/// A decoder-only transformer.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    pub family: Family,
    /// Tokens of the vocabulary, rows of the embedding.
    pub vocabulary: usize,
    /// Width of the residual stream.
    pub width: usize,
    pub layers: usize,
    pub heads: usize,
    /// Heads of keys and values; each serves `heads / kv_heads` heads of queries.
    pub kv_heads: usize,
    /// Coordinates of a head.
    pub head: usize,
    pub norm: Norm,
    pub position: Position,
    pub mlp: Mlp,
    pub residual: Residual,
    /// Queries and keys are normalised per head before they are rotated.
    pub normalised_queries: bool,
    /// Factor of the scores in attention.
    pub attention_scale: f32,
    /// Factor of the token's vector.
    pub embedding_scale: f32,
    /// Of each layer, how many positions it looks back at most, the token's own among them; `None` for all.
    pub windows: Vec<Option<usize>>,
    /// The head's matrix is the embedding.
    pub tied: bool,
    /// Longest sequence the model was made for.
    pub context: usize,
}

impl Spec {
    /// Width of all heads of queries together.
    pub fn query_width(&self) -> usize {
        self.heads * self.head
    }

    /// Width of all heads of keys, or of values, together.
    pub fn kv_width(&self) -> usize {
        self.kv_heads * self.head
    }
}

/// The linear maps, norms and vectors a decoder has, independent of how files name them. Biases are named by their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// `[vocabulary, width]`.
    Embedding,
    /// `[positions, width]`.
    Positions,
    /// Norm in front of the head: `[width]`.
    FinalNorm,
    FinalNormBias,
    /// `[vocabulary, width]`.
    Head,
    HeadBias,
    /// A part of layer `.0`.
    Layer(usize, LayerPart),
}

/// A part of a block. Matrices are `[out, in]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerPart {
    AttentionNorm,
    AttentionNormBias,
    /// Behind attention, in front of the sum (sandwich).
    AttentionPostNorm,
    Query,
    QueryBias,
    Key,
    KeyBias,
    Value,
    ValueBias,
    /// `[head]`.
    QueryNorm,
    KeyNorm,
    Output,
    OutputBias,
    MlpNorm,
    MlpNormBias,
    MlpPostNorm,
    Gate,
    Up,
    UpBias,
    Down,
    DownBias,
}

impl Spec {
    /// The shape of a part: `[out, in]`, or `[length]`.
    pub fn shape(&self, part: Part) -> Vec<usize> {
        use LayerPart as L;
        let (d, q, kv, ff) = (self.width, self.query_width(), self.kv_width(), self.mlp.width);
        match part {
            Part::Embedding | Part::Head => vec![self.vocabulary, d],
            Part::Positions => match self.position {
                Position::Learned { positions } => vec![positions, d],
                Position::Rotary { .. } => vec![0, d],
            },
            Part::HeadBias => vec![self.vocabulary],
            Part::FinalNorm | Part::FinalNormBias => vec![d],
            Part::Layer(_, part) => match part {
                L::Query => vec![q, d],
                L::Key | L::Value => vec![kv, d],
                L::QueryBias => vec![q],
                L::KeyBias | L::ValueBias => vec![kv],
                L::QueryNorm | L::KeyNorm => vec![self.head],
                L::Output => vec![d, q],
                L::Gate | L::Up => vec![ff, d],
                L::UpBias => vec![ff],
                L::Down => vec![d, ff],
                L::AttentionNorm
                | L::AttentionNormBias
                | L::AttentionPostNorm
                | L::OutputBias
                | L::MlpNorm
                | L::MlpNormBias
                | L::MlpPostNorm
                | L::DownBias => vec![d],
            },
        }
    }
}
