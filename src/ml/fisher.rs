//! The diagonal of the Fisher information of a decoder on a batch of texts, as Task2Vec reads it (Achille et al. 2019, arXiv
//! 1902.03545): squares of gradients, averaged over the rows of every weight. Owns what is squared and what is read out; tuning a
//! head beforehand and distances between embeddings are others'.
//!
//! The weights are those of linear maps, norms, token and position vectors. Biases are left out and so is the head. Where it is a
//! matrix of its own, only vectors of words that are read have a gradient, and only these are kept; where it is the embedding, they
//! get the head's gradient too.

use super::decoder::parameters::{Gradients, Parameter};
use super::decoder::squares::Squares;
use super::decoder::{Cache, Decoder, Sequence};
use super::math::cross_entropy::{Targets, Wanted, draw};
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
    /// Of the loss of one text over the mean length of all texts: the textbook's definition, with a text for an example. Of texts
    /// of one length that is the mean loss of its tokens; of others every token counts as much as any other, as in minibatches
    /// (with the mean loss of each text, a few short ones would be most of the diagonal). So many texts share a pass, which
    /// changes no number.
    PerExample(usize),
}

/// What is predicted behind every token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Labels<'a> {
    /// A word drawn from what the model says, so many times: the Fisher information itself, by Monte Carlo. Of the gradients of all
    /// draws the mean of the squares is taken, for little more than one takes.
    Drawn { seed: u64, draws: usize },
    /// These, of each text one for every token: the empirical Fisher, if they are the tokens that follow.
    Given(&'a [Vec<u32>]),
    /// Behind every token but the last the word drawn behind the *next* token. No estimate of anything: it is what the public code
    /// of Lee et al. 2023 computes, whose draws are shifted once too often, and thus what published values are made of.
    Shifted { seed: u64 },
}

/// What is a row of a linear map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// What makes an output.
    Outputs,
    /// What an input takes part in, as in the files of GPT-2.
    Inputs,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Diagonal<'a> {
    pub estimator: Estimator,
    pub labels: Labels<'a>,
    pub rows: Rows,
    /// Which weights.
    pub is_read: &'a dyn Fn(Parameter) -> bool,
}

/// Of every weight, in the order of [`Parameter`], the means over rows of the diagonal.
pub type Readout = BTreeMap<Parameter, Vec<f32>>;

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

/// The diagonal, averaged over rows. Numbers of a norm's weight are rows of their own. `step` is told of every gradient taken, with
/// the texts it was of, and ends the work by returning false; then there is no result.
///
/// # Panics
/// If there is no text or an empty one (or, with shifted labels, one of a single token), labels do not fit, or a matrix that is
/// read is quantised.
pub fn fisher(
    decoder: &mut Decoder,
    texts: &[Vec<u32>],
    Diagonal { estimator, labels, rows: kind, is_read }: Diagonal<'_>,
    step: &mut dyn FnMut(usize) -> bool,
) -> Option<Readout> {
    assert!(!texts.is_empty(), "a batch has texts");
    let spec = decoder.spec.clone();
    let embedding = Parameter::Part(Part::Embedding);
    let in_words = decoder.has_own_head() && is_read(embedding);
    let (size, is_per_text) = match estimator {
        Estimator::Minibatches(size) => (size.max(1), false),
        Estimator::PerExample(size) => (size.max(1), true),
    };
    let mut sums = zeros(decoder, |own| is_read(own) && !(in_words && own == embedding), kind);
    if in_words {
        sums.insert(embedding, vec![0.0; spec.vocabulary]);
    }
    let mut gradients = if is_per_text {
        assert!(kind == Rows::Outputs && (in_words || !is_read(embedding)), "squares text by text are of outputs");
        Gradients::squared(Squares::new(sums.iter().map(|(parameter, rows)| (*parameter, rows.len())).collect()))
    } else {
        let gradients = Gradients::zeros(decoder, |own| sums.contains_key(&own) && !(in_words && own == embedding));
        if in_words { gradients.with_words() } else { gradients }
    };
    // Where the head is the embedding, it has a gradient as well.
    let has_head = gradients.has(embedding) && !decoder.has_own_head();
    let length = texts.iter().map(Vec::len).sum::<usize>() as f32 / texts.len() as f32;
    for (at, texts) in texts.chunks(size).enumerate() {
        let rows: Vec<usize> = (0..texts.iter().map(Vec::len).sum()).collect();
        let numbers = |seed: u64, draws: usize| -> Vec<Vec<f64>> {
            let mut random = Random::new(seed ^ (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            (0..draws).map(|_| rows.iter().map(|_| random.unit()).collect()).collect()
        };
        let taking = Taking { decoder, texts, length: is_per_text.then_some(length) };
        let mut add = |gradients: &mut Gradients| {
            for (parameter, gradient) in gradients.iter() {
                let sums = sums.get_mut(&parameter).expect("every gradient has its sums");
                add_squares(gradient, sums, Cut::of(parameter, gradient.shape(), kind, spec.width));
            }
            if let (Some(words), Some(sums)) = (gradients.words(), sums.get_mut(&embedding)) {
                for (word, gradient) in words {
                    let squares = gradient.iter().map(|x| f64::from(x * x)).sum::<f64>();
                    sums[*word as usize] += squares / spec.width as f64;
                }
            }
            gradients.clear();
        };
        match labels {
            Labels::Drawn { seed, draws } if has_head => {
                for numbers in numbers(seed, draws) {
                    taking.take(&rows, Targets::Drawn(&numbers), &mut gradients);
                    add(&mut gradients);
                }
            }
            Labels::Drawn { seed, draws } => {
                let weights = taking.weights(rows.len());
                decoder.gradients_of_draws(texts, &numbers(seed, draws), &weights, &mut gradients, &mut add);
            }
            Labels::Given(labels) => {
                let targets = labels[at * size..][..texts.len()].concat();
                taking.take(&rows, Targets::Given(&targets), &mut gradients);
                add(&mut gradients);
            }
            Labels::Shifted { seed } => {
                assert!(!is_per_text, "public code squares gradients of minibatches");
                let drawn = words(decoder, texts, &numbers(seed, 1).remove(0));
                let mut begin = 0;
                let rows = texts.iter().flat_map(|text| {
                    let first = begin;
                    begin += text.len();
                    first..begin - 1
                });
                let rows: Vec<usize> = rows.collect();
                let targets: Vec<u32> = rows.iter().map(|row| drawn[row + 1]).collect();
                taking.take(&rows, Targets::Given(&targets), &mut gradients);
                add(&mut gradients);
            }
        }
        if !step(texts.len()) {
            return None;
        }
    }
    let draws = if let Labels::Drawn { draws, .. } = labels { draws } else { 1 };
    let count = draws * if is_per_text { texts.len() } else { texts.len().div_ceil(size) };
    let sums = gradients.into_squares().map_or(sums, Squares::sums);
    let mean = |sums: Vec<f64>| sums.into_iter().map(|sum| (sum / count as f64) as f32).collect();
    Some(sums.into_iter().map(|(parameter, sums)| (parameter, mean(sums))).collect())
}

/// Texts whose gradients are taken together.
struct Taking<'a> {
    decoder: &'a Decoder,
    texts: &'a [Vec<u32>],
    /// What the loss of a text is divided by; else that of all of them is by all their tokens.
    length: Option<f32>,
}

impl Taking<'_> {
    /// Of the losses of so many rows.
    fn weights(&self, rows: usize) -> Vec<f32> {
        vec![1.0 / self.length.unwrap_or(rows as f32); rows]
    }

    /// The gradient of the loss of some rows.
    fn take(&self, rows: &[usize], targets: Targets<'_>, gradients: &mut Gradients) {
        let weights = self.weights(rows.len());
        self.decoder.gradients_of(self.texts, rows, Wanted { targets, weights: &weights }, gradients);
    }
}

/// Words drawn behind every token of texts.
fn words(decoder: &Decoder, texts: &[Vec<u32>], numbers: &[f64]) -> Vec<u32> {
    let spec = &decoder.spec;
    let mut caches: Vec<Cache> = texts.iter().map(|_| Cache::new(spec.layers, spec.kv_width())).collect();
    let each = texts.iter().zip(&mut caches);
    let mut sequences: Vec<Sequence<'_>> = each.map(|(tokens, cache)| Sequence { tokens, cache }).collect();
    let hidden = decoder.hidden(&mut sequences);
    let each = hidden.chunks_exact(spec.width).zip(numbers);
    each.map(|(state, number)| draw(&mut decoder.scores(state), *number) as u32).collect()
}

/// How a gradient is cut into rows.
#[derive(Clone, Copy)]
enum Cut {
    /// So many rows of the matrix are one: all positions are kept as a column.
    Rows(usize),
    Columns,
}

impl Cut {
    fn of(parameter: Parameter, (_, columns): (usize, usize), rows: Rows, width: usize) -> Cut {
        match parameter {
            Parameter::Part(Part::Positions) => Cut::Rows(width),
            Parameter::Part(Part::Layer(..)) if rows == Rows::Inputs && columns > 1 => Cut::Columns,
            _ => Cut::Rows(1),
        }
    }
}

/// Of every parameter that is read its rows.
fn zeros(decoder: &mut Decoder, is_read: impl Fn(Parameter) -> bool, rows: Rows) -> Readout64 {
    let width = decoder.spec.width;
    let mut zeros = BTreeMap::new();
    decoder.each_parameter(|parameter, shape, _| {
        if is_read(parameter) {
            let count = match Cut::of(parameter, shape, rows, width) {
                Cut::Rows(each) => shape.0 / each,
                Cut::Columns => shape.1,
            };
            zeros.insert(parameter, vec![0.0; count]);
        }
    });
    zeros
}

type Readout64 = BTreeMap<Parameter, Vec<f64>>;

/// Adds to each row's sum the mean of the squares of its numbers.
fn add_squares(gradient: &Matrix, sums: &mut [f64], cut: Cut) {
    let (rows, columns) = gradient.shape();
    match cut {
        Cut::Rows(each) => {
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
        Cut::Columns => {
            let squares = |line: &[f32; HEIGHT]| line.iter().map(|x| f64::from(x * x)).sum::<f64>();
            // What fills the last panel is zero.
            for panel in gradient.lines().chunks(columns) {
                sums.iter_mut().zip(panel).for_each(|(sum, line)| *sum += squares(line) / rows as f64);
            }
        }
    }
}

#[cfg(test)]
#[path = "fisher_tests.rs"]
mod tests;
