//! The numbers of a decoder that can be trained, by name and in one order, and their gradients. Owns no rule of training.

use super::Decoder;
use super::block::Block;
use super::linear::Linear;
use crate::ml::math::matrix::Matrix;
use crate::ml::spec::{LayerPart as L, Part};
use std::collections::BTreeMap;

/// A tensor that can be trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parameter {
    Part(Part),
    /// The matrix `[rank, in]` of an adapter at a linear map of a layer.
    A(usize, L),
    /// The matrix `[out, rank]`.
    B(usize, L),
}

/// Gradients of the parameters that are trained, each like its parameter: a matrix, or a vector as a column.
#[derive(Debug, Default)]
pub struct Gradients(BTreeMap<Parameter, Matrix>);

impl Gradients {
    /// Zeros for the parameters of `decoder` that `is_trained`.
    pub fn zeros(decoder: &mut Decoder, is_trained: impl Fn(Parameter) -> bool) -> Gradients {
        let mut zeros = BTreeMap::new();
        decoder.each_parameter(|parameter, (rows, columns), _| {
            if is_trained(parameter) {
                zeros.insert(parameter, Matrix::zeros(rows, columns));
            }
        });
        Gradients(zeros)
    }

    /// The gradient of a parameter, if it is trained.
    pub fn get_mut(&mut self, parameter: Parameter) -> Option<&mut Matrix> {
        self.0.get_mut(&parameter)
    }

    /// True if the parameter is trained.
    pub fn has(&self, parameter: Parameter) -> bool {
        self.0.contains_key(&parameter)
    }

    /// The gradient of a vector, if it is trained.
    pub(super) fn vector(&mut self, part: Part) -> Option<&mut [f32]> {
        let matrix = self.0.get_mut(&Parameter::Part(part))?;
        let length = matrix.shape().0;
        Some(&mut matrix.flat_mut()[..length])
    }

    /// The gradients of two vectors, such as a norm's weight and bias.
    pub(super) fn vectors(&mut self, one: Part, other: Part) -> (Option<&mut [f32]>, Option<&mut [f32]>) {
        let (mut found, mut second) = (None, None);
        for (parameter, matrix) in &mut self.0 {
            let length = matrix.shape().0;
            if *parameter == Parameter::Part(one) {
                found = Some(&mut matrix.flat_mut()[..length]);
            } else if *parameter == Parameter::Part(other) {
                second = Some(&mut matrix.flat_mut()[..length]);
            }
        }
        (found, second)
    }

    /// The gradients of the head, which is this part, and of its bias.
    pub(super) fn head(&mut self, part: Part) -> (Option<&mut Matrix>, Option<&mut [f32]>) {
        let (mut head, mut bias) = (None, None);
        for (parameter, matrix) in &mut self.0 {
            let length = matrix.shape().0;
            match parameter {
                Parameter::Part(own) if *own == part => head = Some(matrix),
                Parameter::Part(Part::HeadBias) => bias = Some(&mut matrix.flat_mut()[..length]),
                _ => {}
            }
        }
        (head, bias)
    }

    /// All of them, in the order of [`Decoder::each_parameter`]'s names.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Parameter, &mut [f32])> {
        self.0.iter_mut().map(|(parameter, matrix)| (*parameter, matrix.flat_mut()))
    }

    /// All of them, to be read.
    pub fn iter(&self) -> impl Iterator<Item = (Parameter, &Matrix)> {
        self.0.iter().map(|(parameter, matrix)| (*parameter, matrix))
    }

    /// Numbers of all parameters that are trained.
    pub fn count(&self) -> usize {
        self.0.values().map(|matrix| matrix.shape().0 * matrix.shape().1).sum()
    }

    /// Makes all of them zeros.
    pub fn clear(&mut self) {
        self.0.values_mut().for_each(|matrix| matrix.flat_mut().fill(0.0));
    }

    /// The first layer of which something is trained; `None` if nothing of a layer is. What lies in front of the layers
    /// counts as the first.
    pub(super) fn lowest_layer(&self) -> Option<usize> {
        let layer = |parameter: &Parameter| match parameter {
            Parameter::A(at, _) | Parameter::B(at, _) | Parameter::Part(Part::Layer(at, _)) => Some(*at),
            Parameter::Part(Part::Embedding | Part::Positions) => Some(0),
            Parameter::Part(_) => None,
        };
        self.0.keys().filter_map(layer).min()
    }

    /// True if something in front of the layers is trained.
    pub(super) fn has_embedding(&self) -> bool {
        [Part::Embedding, Part::Positions].into_iter().any(|part| self.has(Parameter::Part(part)))
    }
}

impl Decoder {
    /// Hands every parameter to `of` with its shape (vectors as columns) and its numbers: row-major or in panels, as
    /// [`Matrix`] has them. Only quantised matrices are left out.
    pub fn each_parameter(&mut self, mut of: impl FnMut(Parameter, (usize, usize), &mut [f32])) {
        let mut matrix = |parameter, matrix: &mut Matrix| {
            if matrix.is_dense() {
                of(parameter, matrix.shape(), matrix.flat_mut());
            }
        };
        matrix(Parameter::Part(Part::Embedding), &mut self.embedding);
        if let Some(head) = &mut self.head {
            matrix(Parameter::Part(Part::Head), head);
        }
        for (at, block) in self.blocks.iter_mut().enumerate() {
            for (part, linear) in block.linear_mut() {
                matrix(Parameter::Part(Part::Layer(at, part)), &mut linear.matrix);
                if let Some(low_rank) = &mut linear.low_rank {
                    matrix(Parameter::A(at, part), &mut low_rank.a);
                    matrix(Parameter::B(at, part), &mut low_rank.b);
                }
            }
        }
        let mut vector = |part, vector: &mut Vec<f32>| {
            if !vector.is_empty() {
                of(Parameter::Part(part), (vector.len(), 1), vector);
            }
        };
        vector(Part::Positions, &mut self.positions);
        vector(Part::FinalNorm, &mut self.final_norm.weight);
        vector(Part::FinalNormBias, &mut self.final_norm.bias);
        vector(Part::HeadBias, &mut self.head_bias);
        for (at, block) in self.blocks.iter_mut().enumerate() {
            for (part, own) in block.vectors_mut() {
                vector(Part::Layer(at, part), own);
            }
        }
    }
}

/// The part that is a linear map's bias; `None` for the gate, which has none.
pub(super) fn bias_of(part: L) -> Option<L> {
    Some(match part {
        L::Query => L::QueryBias,
        L::Key => L::KeyBias,
        L::Value => L::ValueBias,
        L::Output => L::OutputBias,
        L::Up => L::UpBias,
        L::Down => L::DownBias,
        _ => return None,
    })
}

impl Block {
    /// Its linear maps.
    pub fn linear_mut(&mut self) -> impl Iterator<Item = (L, &mut Linear)> {
        let maps = [
            (L::Query, &mut self.query),
            (L::Key, &mut self.key),
            (L::Value, &mut self.value),
            (L::Output, &mut self.output),
            (L::Up, &mut self.up),
            (L::Down, &mut self.down),
        ];
        maps.into_iter().chain(self.gate.as_mut().map(|gate| (L::Gate, gate)))
    }

    /// Its vectors, those it does not have being empty.
    fn vectors_mut(&mut self) -> Vec<(L, &mut Vec<f32>)> {
        let mut vectors = vec![
            (L::AttentionNorm, &mut self.attention_norm.weight),
            (L::AttentionNormBias, &mut self.attention_norm.bias),
            (L::MlpNorm, &mut self.mlp_norm.weight),
            (L::MlpNormBias, &mut self.mlp_norm.bias),
            (L::QueryNorm, &mut self.query_norm),
            (L::KeyNorm, &mut self.key_norm),
            (L::QueryBias, &mut self.query.bias),
            (L::KeyBias, &mut self.key.bias),
            (L::ValueBias, &mut self.value.bias),
            (L::OutputBias, &mut self.output.bias),
            (L::UpBias, &mut self.up.bias),
            (L::DownBias, &mut self.down.bias),
        ];
        if let Some([attention, mlp]) = &mut self.post {
            vectors.extend([(L::AttentionPostNorm, &mut attention.weight), (L::MlpPostNorm, &mut mlp.weight)]);
        }
        vectors
    }
}
