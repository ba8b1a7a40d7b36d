//! A decoder from files.

use super::block::Block;
use super::linear::Linear;
use super::{Decoder, Scale};
use crate::ml::error::ModelError;
use crate::ml::files::Weights;
use crate::ml::math::matrix::Matrix;
use crate::ml::spec::{LayerPart as L, Norm, Part, Residual, Spec};
use rayon::prelude::*;

/// How matrices are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// As 32-bit numbers: for scoring and training.
    Dense,
    /// As the file has them where they are quantised: for generation, which is bound by memory.
    AsStored,
    /// As 32-bit numbers, but for the vectors of words, which are as the file has them: for gradients that do not reach them.
    DenseButWords,
}

impl Decoder {
    /// Reads all weights.
    pub fn load(spec: Spec, weights: &Weights, kept: Kept) -> Result<Decoder, ModelError> {
        let read = Reader { spec: &spec, weights, kept };
        let embedding = read.matrix(Part::Embedding)?;
        let positions = read.if_there(Part::Positions)?;
        let blocks = (0..spec.layers).into_par_iter().map(|at| read.block(at)).collect::<Result<_, _>>()?;
        let final_norm = read.scale(Part::FinalNorm, Part::FinalNormBias)?;
        let head = if spec.tied { None } else { Some(read.matrix(Part::Head)?) };
        let head_bias = read.if_there(Part::HeadBias)?;
        Ok(Decoder { embedding, positions, blocks, final_norm, head, head_bias, spec })
    }
}

struct Reader<'a> {
    spec: &'a Spec,
    weights: &'a Weights,
    kept: Kept,
}

impl Reader<'_> {
    fn matrix(&self, part: Part) -> Result<Matrix, ModelError> {
        if let Some(blocks) = self.weights.read_blocks(part)? {
            let matrix = Matrix::coded(&blocks);
            drop(blocks);
            let is_stored = match self.kept {
                Kept::Dense => false,
                Kept::AsStored => true,
                Kept::DenseButWords => part == Part::Embedding,
            };
            return Ok(if is_stored { matrix } else { matrix.unpacked() });
        }
        let shape = self.spec.shape(part);
        Ok(Matrix::dense(&self.weights.read(part)?, shape[0], shape[1]))
    }

    fn if_there(&self, part: Part) -> Result<Vec<f32>, ModelError> {
        if self.weights.has(part) { self.weights.read(part) } else { Ok(vec![]) }
    }

    fn scale(&self, weight: Part, bias: Part) -> Result<Scale, ModelError> {
        let bias = if matches!(self.spec.norm, Norm::Layer { .. }) { self.if_there(bias)? } else { vec![] };
        Ok(Scale { weight: self.weights.read(weight)?, bias })
    }

    fn block(&self, at: usize) -> Result<Block, ModelError> {
        let part = |part| Part::Layer(at, part);
        let linear = |matrix, bias: Option<L>| {
            let bias = bias.map_or(Ok(vec![]), |bias| self.if_there(part(bias)))?;
            Ok::<_, ModelError>(Linear { matrix: self.matrix(part(matrix))?, bias, low_rank: None })
        };
        let scale = |weight, bias| self.scale(part(weight), part(bias));
        let head_norm =
            |weight| if self.spec.normalised_queries { self.weights.read(part(weight)) } else { Ok(vec![]) };
        let post = |weight| Ok::<_, ModelError>(Scale { weight: self.weights.read(part(weight))?, bias: vec![] });
        Ok(Block {
            attention_norm: scale(L::AttentionNorm, L::AttentionNormBias)?,
            mlp_norm: match self.spec.residual {
                Residual::Parallel { norms: 1 } => Scale::default(),
                _ => scale(L::MlpNorm, L::MlpNormBias)?,
            },
            post: match self.spec.residual {
                Residual::Sandwich => Some([post(L::AttentionPostNorm)?, post(L::MlpPostNorm)?]),
                _ => None,
            },
            query: linear(L::Query, Some(L::QueryBias))?,
            key: linear(L::Key, Some(L::KeyBias))?,
            value: linear(L::Value, Some(L::ValueBias))?,
            query_norm: head_norm(L::QueryNorm)?,
            key_norm: head_norm(L::KeyNorm)?,
            output: linear(L::Output, Some(L::OutputBias))?,
            gate: if self.spec.mlp.gated { Some(linear(L::Gate, None)?) } else { None },
            up: linear(L::Up, Some(L::UpBias))?,
            down: linear(L::Down, Some(L::DownBias))?,
        })
    }
}
