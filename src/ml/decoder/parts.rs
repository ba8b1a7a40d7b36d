//! A decoder in memory as a source of parts, to be written as files.

use super::Decoder;
use super::block::Block;
use crate::ml::error::ModelError;
use crate::ml::files::Parts;
use crate::ml::math::matrix::Matrix;
use crate::ml::spec::{LayerPart as L, Part, Spec};

/// A part as it is kept; an empty vector is none.
enum Kept<'a> {
    Matrix(&'a Matrix),
    Vector(&'a [f32]),
}

impl Decoder {
    fn part(&self, part: Part) -> Option<Kept<'_>> {
        let kept = match part {
            Part::Embedding => Kept::Matrix(&self.embedding),
            Part::Head => Kept::Matrix(self.head.as_ref()?),
            Part::Positions => Kept::Vector(&self.positions),
            Part::FinalNorm => Kept::Vector(&self.final_norm.weight),
            Part::FinalNormBias => Kept::Vector(&self.final_norm.bias),
            Part::HeadBias => Kept::Vector(&self.head_bias),
            Part::Layer(at, part) => self.blocks.get(at)?.part(part)?,
        };
        match kept {
            Kept::Vector([]) => None,
            kept => Some(kept),
        }
    }
}

impl Block {
    fn part(&self, part: L) -> Option<Kept<'_>> {
        Some(match part {
            L::Query => Kept::Matrix(&self.query.matrix),
            L::Key => Kept::Matrix(&self.key.matrix),
            L::Value => Kept::Matrix(&self.value.matrix),
            L::Output => Kept::Matrix(&self.output.matrix),
            L::Gate => Kept::Matrix(&self.gate.as_ref()?.matrix),
            L::Up => Kept::Matrix(&self.up.matrix),
            L::Down => Kept::Matrix(&self.down.matrix),
            L::QueryBias => Kept::Vector(&self.query.bias),
            L::KeyBias => Kept::Vector(&self.key.bias),
            L::ValueBias => Kept::Vector(&self.value.bias),
            L::OutputBias => Kept::Vector(&self.output.bias),
            L::UpBias => Kept::Vector(&self.up.bias),
            L::DownBias => Kept::Vector(&self.down.bias),
            L::AttentionNorm => Kept::Vector(&self.attention_norm.weight),
            L::AttentionNormBias => Kept::Vector(&self.attention_norm.bias),
            L::MlpNorm => Kept::Vector(&self.mlp_norm.weight),
            L::MlpNormBias => Kept::Vector(&self.mlp_norm.bias),
            L::AttentionPostNorm => Kept::Vector(&self.post.as_ref()?[0].weight),
            L::MlpPostNorm => Kept::Vector(&self.post.as_ref()?[1].weight),
            L::QueryNorm => Kept::Vector(&self.query_norm),
            L::KeyNorm => Kept::Vector(&self.key_norm),
        })
    }
}

impl Parts for Decoder {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn has(&self, part: Part) -> bool {
        self.part(part).is_some()
    }

    fn read(&self, part: Part) -> Result<Vec<f32>, ModelError> {
        match self.part(part) {
            Some(Kept::Matrix(matrix)) => Ok(matrix.values()),
            Some(Kept::Vector(vector)) => Ok(vector.to_vec()),
            None => Err(ModelError::Missing {
                path: "the model in memory".into(),
                what: format!("{part:?}"),
                hint: String::new(),
            }),
        }
    }
}
