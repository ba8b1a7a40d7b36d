//! The diagonal of the Fisher information of a decoder on a batch of texts, as Task2Vec reads it (Achille et al. 2019, arXiv
//! 1902.03545): squares of gradients, averaged over the rows of every weight. Owns what is squared and what is read out; tuning a
//! head beforehand and distances between embeddings are others'.
//!
//! The weights are those of linear maps, norms, token and position vectors. Biases are left out and so is the head, which has to be
//! a matrix of its own: where it is tied, token vectors would get the head's gradient too.

use super::decoder::Decoder;
use super::decoder::parameters::{Gradients, Parameter};
use super::math::cross_entropy::{Targets, Wanted};
use super::math::matrix::{HEIGHT, Matrix};
use super::spec::{LayerPart as L, Part};
use crate::metrics::Random;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What the gradients are of that are squared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimator {
    /// Of the mean loss of the tokens of this many texts, as the public code of Lee et al. 2023 has it.
    Minibatches(usize),
    /// Of the mean loss of the tokens of one text: the textbook's definition, with a text for an example.
    PerExample,
}

/// What is predicted behind every token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Labels<'a> {
    /// A word drawn from what the model says: the Fisher information itself, by Monte Carlo.
    Drawn { seed: u64 },
    /// These, of each text one for every token: the empirical Fisher, if they are the tokens that follow.
    Given(&'a [Vec<u32>]),
}

/// True if the parameter is a weight that is read out.
pub fn is_read_out(parameter: Parameter) -> bool {
    let Parameter::Part(part) = parameter else { return false };
    match part {
        Part::Embedding | Part::Positions | Part::FinalNorm => true,
        Part::Head | Part::HeadBias | Part::FinalNormBias => false,
        Part::Layer(_, part) => !matches!(
            part,
            L::AttentionNormBias
                | L::QueryBias
                | L::KeyBias
                | L::ValueBias
                | L::OutputBias
                | L::MlpNormBias
                | L::UpBias
                | L::DownBias
        ),
    }
}

/// The means over rows of the diagonal, of each weight, in the order of [`Parameter`]. Numbers of a norm's weight are rows of
/// their own. `step` is told of every gradient taken, with the texts it was of, and ends the work by returning false; then there is
/// no result.
///
/// # Panics
/// If there is no text or an empty one, labels do not fit, a matrix is quantised, or the head is the embedding.
pub fn fisher(
    decoder: &mut Decoder,
    texts: &[Vec<u32>],
    estimator: Estimator,
    labels: Labels<'_>,
    step: &mut dyn FnMut(usize) -> bool,
) -> Option<BTreeMap<Parameter, Vec<f32>>> {
    assert!(!texts.is_empty(), "a batch has texts");
    assert!(decoder.has_own_head(), "the head is a matrix of its own");
    let width = decoder.spec.width;
    let mut gradients = Gradients::zeros(decoder, is_read_out);
    let mut sums = zeros(&gradients, width);
    let size = match estimator {
        Estimator::Minibatches(size) => size.max(1),
        Estimator::PerExample => 1,
    };
    for (at, texts) in texts.chunks(size).enumerate() {
        let count: usize = texts.iter().map(Vec::len).sum();
        let rows: Vec<usize> = (0..count).collect();
        let weights = vec![1.0 / count as f32; count];
        gradients.clear();
        match labels {
            Labels::Drawn { seed } => {
                let mut random = Random::new(seed ^ (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
                let numbers: Vec<f64> = rows.iter().map(|_| random.unit()).collect();
                let wanted = Wanted { targets: Targets::Drawn(&numbers), weights: &weights };
                decoder.gradients_of(texts, &rows, wanted, &mut gradients);
            }
            Labels::Given(labels) => {
                let targets = labels[at * size..][..texts.len()].concat();
                let wanted = Wanted { targets: Targets::Given(&targets), weights: &weights };
                decoder.gradients_of(texts, &rows, wanted, &mut gradients);
            }
        }
        for (parameter, gradient) in gradients.iter() {
            add_squares(
                gradient,
                sums.get_mut(&parameter).expect("every gradient has its sums"),
                columns(parameter, width),
            );
        }
        if !step(texts.len()) {
            return None;
        }
    }
    let batches = texts.len().div_ceil(size) as f64;
    let mean = |sums: Vec<f64>| sums.into_iter().map(|sum| (sum / batches) as f32).collect();
    Some(sums.into_iter().map(|(parameter, sums)| (parameter, mean(sums))).collect())
}

/// Numbers of a row of what is kept as a column: one, but of vectors of positions, which are all in one.
fn columns(parameter: Parameter, width: usize) -> usize {
    if parameter == Parameter::Part(Part::Positions) { width } else { 1 }
}

/// Of every parameter its rows.
fn zeros(gradients: &Gradients, width: usize) -> BTreeMap<Parameter, Vec<f64>> {
    let rows = |parameter, matrix: &Matrix| vec![0.0; matrix.shape().0 / columns(parameter, width)];
    gradients.iter().map(|(parameter, matrix)| (parameter, rows(parameter, matrix))).collect()
}

/// Adds to each row's sum the mean of the squares of its numbers; `each` rows of the matrix are one.
fn add_squares(gradient: &Matrix, sums: &mut [f64], each: usize) {
    let (rows, columns) = gradient.shape();
    let mut squares = vec![[0f32; HEIGHT]; gradient.panels()];
    squares.par_iter_mut().zip(gradient.lines().par_chunks(columns)).for_each(|(squares, panel)| {
        for line in panel {
            for i in 0..HEIGHT {
                squares[i] += line[i] * line[i];
            }
        }
    });
    let squares = &squares.as_flattened()[..rows];
    for (sum, squares) in sums.iter_mut().zip(squares.chunks(each)) {
        *sum += squares.iter().map(|square| f64::from(*square)).sum::<f64>() / (columns * each) as f64;
    }
}

#[cfg(test)]
#[path = "fisher_tests.rs"]
mod tests;
