//! The numbers of a decoder that can be trained, by name and in one order, and their gradients. Owns no rule of training.

use super::Decoder;
use super::block::Block;
use super::linear::Linear;
use super::squares::Squares;
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
pub struct Gradients {
    matrices: BTreeMap<Parameter, Matrix>,
    /// Of the vectors of words that were read, if only they are kept of the embedding's gradient.
    words: Option<BTreeMap<u32, Vec<f32>>>,
    /// Squares text by text, in place of gradients.
    squares: Option<Squares>,
}

impl Gradients {
    /// Zeros for the parameters of `decoder` that `is_trained`.
    pub fn zeros(decoder: &mut Decoder, is_trained: impl Fn(Parameter) -> bool) -> Gradients {
        let mut zeros = BTreeMap::new();
        decoder.each_parameter(|parameter, (rows, columns), _| {
            if is_trained(parameter) {
                zeros.insert(parameter, Matrix::zeros(rows, columns));
            }
        });
        Gradients { matrices: zeros, words: None, squares: None }
    }

    /// The same, with the embedding's gradient for the words that are read alone. It is no matrix then, and the embedding may be
    /// quantised; a head that is the embedding adds nothing to it.
    pub fn with_words(self) -> Gradients {
        Gradients { words: Some(BTreeMap::new()), ..self }
    }

    /// No gradients, but their squares text by text: of those parameters that have rows in `squares`.
    pub fn squared(squares: Squares) -> Gradients {
        Gradients { squares: Some(squares), ..Gradients::default() }
    }

    /// The squares, if it is they that are asked for.
    pub fn into_squares(self) -> Option<Squares> {
        self.squares
    }

    /// The same, to be added to, where this parameter has some.
    pub(super) fn squares_of(&mut self, parameter: Parameter) -> Option<&mut Squares> {
        self.squares.as_mut().filter(|squares| squares.has(parameter))
    }

    /// Begins a pass over texts of so many tokens.
    pub(super) fn begin(&mut self, lengths: &[usize]) {
        if let Some(squares) = &mut self.squares {
            squares.begin(lengths);
        }
    }

    /// The gradients of the vectors of words that were read, if they are kept so.
    pub fn words(&self) -> Option<&BTreeMap<u32, Vec<f32>>> {
        self.words.as_ref()
    }

    /// The same, to be added to.
    pub(super) fn words_mut(&mut self) -> Option<&mut BTreeMap<u32, Vec<f32>>> {
        self.words.as_mut()
    }

    /// The gradient of a parameter, if it is trained.
    pub fn get_mut(&mut self, parameter: Parameter) -> Option<&mut Matrix> {
        self.matrices.get_mut(&parameter)
    }

    /// True if the parameter is trained.
    pub fn has(&self, parameter: Parameter) -> bool {
        self.matrices.contains_key(&parameter) || self.squares.as_ref().is_some_and(|squares| squares.has(parameter))
    }

    /// The gradient of a vector, if it is trained.
    pub(super) fn vector(&mut self, part: Part) -> Option<&mut [f32]> {
        let matrix = self.matrices.get_mut(&Parameter::Part(part))?;
        let length = matrix.shape().0;
        Some(&mut matrix.flat_mut()[..length])
    }

    /// The gradients of two vectors, such as a norm's weight and bias.
    pub(super) fn vectors(&mut self, one: Part, other: Part) -> (Option<&mut [f32]>, Option<&mut [f32]>) {
        let (mut found, mut second) = (None, None);
        for (parameter, matrix) in &mut self.matrices {
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
        for (parameter, matrix) in &mut self.matrices {
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
        self.matrices.iter_mut().map(|(parameter, matrix)| (*parameter, matrix.flat_mut()))
    }

    /// All of them, to be read.
    pub fn iter(&self) -> impl Iterator<Item = (Parameter, &Matrix)> {
        self.matrices.iter().map(|(parameter, matrix)| (*parameter, matrix))
    }

    /// Numbers of all parameters that are trained.
    pub fn count(&self) -> usize {
        self.matrices.values().map(|matrix| matrix.shape().0 * matrix.shape().1).sum()
    }

    /// Makes all of them zeros.
    pub fn clear(&mut self) {
        self.matrices.values_mut().for_each(|matrix| matrix.flat_mut().fill(0.0));
        if let Some(words) = &mut self.words {
            words.clear();
        }
    }

    /// The first layer of which something is trained; `None` if nothing of a layer is. What lies in front of the layers
    /// counts as the first.
    pub(super) fn lowest_layer(&self) -> Option<usize> {
        let layer = |parameter: &Parameter| match parameter {
            Parameter::A(at, _) | Parameter::B(at, _) | Parameter::Part(Part::Layer(at, _)) => Some(*at),
            Parameter::Part(Part::Embedding | Part::Positions) => Some(0),
            Parameter::Part(_) => None,
        };
        let squares = self.squares.iter().flat_map(Squares::parameters);
        let lowest = self.matrices.keys().chain(squares).filter_map(layer).min();
        self.words.as_ref().map(|_| 0).or(lowest)
    }

    /// True if something in front of the layers is trained.
    pub(super) fn has_embedding(&self) -> bool {
        self.words.is_some()
            || [Part::Embedding, Part::Positions].into_iter().any(|part| self.has(Parameter::Part(part)))
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
