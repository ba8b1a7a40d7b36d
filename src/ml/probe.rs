//! Task embeddings (Task2Vec, Achille et al. 2019; of texts Lee, Miranda et al. 2023): a batch of texts as the Fisher diagonal of a
//! probe network whose head was tuned to it. Owns the course of one embedding and what it leaves behind in the network: nothing
//! but the head, which every embedding begins with anew. Batches, distances and files are others'.

use super::adapter::{Adapter, TARGETS};
use super::decoder::parameters::Parameter;
use super::decoder::{Cache, Decoder, Sequence};
use super::fisher::{Diagonal, Estimator, Labels, Readout, Rows, fisher, is_read_out};
use super::loss::{Example, batches};
use super::math::matrix::Matrix;
use super::spec::{Family, LayerPart, Part, Spec};
use super::train::{Constants, HeadTuning, Lora, Method, Objective, Order, Schedule, Trainer};
use serde::{Deserialize, Serialize};

/// How a head is tuned to a batch, by AdamW without a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tuning {
    /// Times the texts are read; 0 for no tuning.
    pub epochs: usize,
    pub learning_rate: f64,
    pub weight_decay: f32,
}

/// Which numbers are read out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Read {
    /// Of all weights.
    All,
    /// Of the last quarter of the layers and the last norm.
    LastBlocks,
    /// Of the second matrix of a fresh adapter of rank 8 at every linear map of attention, whose first is random: a projection of
    /// the maps' own diagonals.
    Adapters,
}

/// What is squared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fim {
    /// Gradients of minibatches, of words that the probe draws.
    Montecarlo,
    /// Gradients of texts by themselves, of words that the probe draws.
    PerExample,
    /// Gradients of minibatches, of the words that follow.
    Empirical,
}

/// How embeddings are made. All of it decides what they are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub tuning: Tuning,
    /// Texts of a step of the tuning and of a gradient.
    pub minibatch: usize,
    pub fim: Fim,
    /// Words drawn behind every token, one after the other: the mean over them is less noisy.
    pub draws: usize,
    pub read: Read,
    /// As the public code of Lee et al. 2023 computes it: draws shifted once too often, a tied head tuned and read as the
    /// embedding it is, and the rows of GPT-2's maps those of its files.
    pub compat: bool,
}

impl Default for Settings {
    /// Those of Lee et al. 2023, but for the estimator: gradients of single texts, with several draws. Batches here are a hundred times
    /// smaller than theirs, and the noise of a few minibatches would be most of every distance (docs/task2vec.md).
    fn default() -> Self {
        let tuning = Tuning { epochs: 10, learning_rate: 5e-5, weight_decay: 1e-4 };
        Settings { tuning, minibatch: 8, fim: Fim::PerExample, draws: 8, read: Read::All, compat: false }
    }
}

/// Tokens that go through the network together where nothing else says how many.
const AT_ONCE: usize = 1024;

/// How far an embedding is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Happening {
    /// A step of the tuning, with the loss before it.
    Tuned { loss: f64 },
    /// A gradient of so many texts.
    Squared { texts: usize },
}

/// A probe network.
#[derive(Debug)]
pub struct Probe {
    decoder: Decoder,
    /// What every embedding begins with: its own head, or, in `compat`, the embedding that is the head.
    first: Option<Matrix>,
    settings: Settings,
}

impl Probe {
    /// A network without an adapter. Its vectors of words may be quantised ([`super::decoder::Kept::DenseButWords`]), but not in
    /// `compat`.
    pub fn new(mut decoder: Decoder, settings: Settings) -> Probe {
        let first = match (decoder.has_own_head(), settings.compat) {
            (true, _) => Some(decoder.own_head().0.clone()),
            (false, true) => Some(decoder.head().clone()),
            (false, false) => None,
        };
        Probe { decoder, first, settings }
    }

    /// The network itself, with whatever head it has between two embeddings.
    pub fn decoder(&self) -> &Decoder {
        &self.decoder
    }

    /// Steps and gradients of an embedding of so many texts.
    pub fn work(&self, texts: usize) -> u64 {
        let Settings { minibatch, tuning, .. } = self.settings;
        ((texts * tuning.epochs).div_ceil(minibatch) + texts.div_ceil(minibatch)) as u64
    }

    /// The embedding of a batch of texts of two tokens or more each. `on` ends the work by returning false; then there is none.
    /// What is drawn depends on `seed` alone.
    ///
    /// # Panics
    /// If there is no text, one is too short, or a token is not in the vocabulary.
    pub fn embed(&mut self, texts: &[Vec<u32>], seed: u64, on: &mut dyn FnMut(Happening) -> bool) -> Option<Vec<f32>> {
        Some(self.readout(texts, seed, on)?.into_values().flatten().collect())
    }

    fn readout(&mut self, texts: &[Vec<u32>], seed: u64, on: &mut dyn FnMut(Happening) -> bool) -> Option<Readout> {
        assert!(texts.iter().all(|text| text.len() > 1), "there is something to predict");
        let Probe { decoder, first, settings } = self;
        let is_whole = settings.compat && !decoder.has_own_head();
        match first {
            Some(first) if is_whole => decoder.set_embedding(first.clone()),
            Some(first) => decoder.set_head(first.clone()),
            None => decoder.head_from_embedding(),
        }
        let tuned = match (settings.tuning.epochs, is_whole) {
            (0, _) => true,
            (_, true) => tune_tied(decoder, texts, *settings, seed, on),
            (_, false) => tune_head(decoder, texts, *settings, seed, on),
        };
        if !tuned {
            if first.is_none() {
                decoder.tie();
            }
            return None;
        }
        let (layers, spec) = (decoder.spec.layers, decoder.spec.clone());
        let is_read = |parameter| match (settings.read, parameter) {
            (Read::Adapters, parameter) => matches!(parameter, Parameter::B(..)),
            (Read::LastBlocks, Parameter::Part(Part::Embedding | Part::Positions)) => false,
            (Read::LastBlocks, Parameter::Part(Part::Layer(at, _))) if at < layers - layers.div_ceil(4) => false,
            (_, parameter) => is_read_out(parameter),
        };
        if settings.read == Read::Adapters {
            decoder.adapt(&adapter(&spec));
        }
        let following: Vec<Vec<u32>> = match settings.fim {
            Fim::Empirical => texts.iter().map(|text| text[1..].to_vec()).collect(),
            _ => vec![],
        };
        let (texts, labels) = match settings.fim {
            _ if settings.compat => (texts.to_vec(), Labels::Shifted { seed }),
            Fim::Empirical => {
                (texts.iter().map(|text| text[..text.len() - 1].to_vec()).collect(), Labels::Given(&following))
            }
            _ => (texts.to_vec(), Labels::Drawn { seed, draws: settings.draws }),
        };
        let estimator = match settings.fim {
            Fim::PerExample => Estimator::PerExample(settings.minibatch),
            _ => Estimator::Minibatches(settings.minibatch),
        };
        let mut step = |texts| on(Happening::Squared { texts });
        let rows = if settings.compat && spec.family == Family::Gpt2 { Rows::Inputs } else { Rows::Outputs };
        let readout = fisher(decoder, &texts, Diagonal { estimator, labels, rows, is_read: &is_read }, &mut step);
        if settings.read == Read::Adapters {
            decoder.bare();
        }
        // The memory of a head that can be made again is worth more than the time it takes.
        if first.is_none() {
            decoder.tie();
        }
        if rows == Rows::Inputs { readout.map(joined) } else { readout }
    }
}

/// The adapter whose gradients stand for those of the maps: always the same.
fn adapter(spec: &Spec) -> Adapter {
    use LayerPart::{Key, Output, Query, Value};
    let targets = TARGETS.into_iter().filter(|part| matches!(part, Query | Key | Value | Output)).collect();
    Lora { rank: 8, alpha: 8.0, rslora: false, dropout: 0.0, targets }.begun(spec, 0, None)
}

/// Tunes a head of its own on states that are computed once. False if it was ended.
fn tune_head(
    decoder: &mut Decoder,
    texts: &[Vec<u32>],
    settings: Settings,
    seed: u64,
    on: &mut dyn FnMut(Happening) -> bool,
) -> bool {
    let Settings { tuning, minibatch, .. } = settings;
    let states = states(decoder, texts);
    let mut order = Order::new(texts.len(), minibatch, tuning.epochs, seed);
    let mut own = HeadTuning::new(constants(tuning), decoder);
    for step in 0..order.steps() {
        let chosen = order.step(step);
        let targets: Vec<u32> = chosen.iter().flat_map(|at| &texts[*at][1..]).copied().collect();
        let states: Vec<f32> = chosen.iter().flat_map(|at| &states[*at]).copied().collect();
        let loss = own.step(decoder, &states, &targets, tuning.learning_rate);
        if !on(Happening::Tuned { loss }) {
            return false;
        }
    }
    true
}

/// Tunes the embedding that is the head, through all of the network.
fn tune_tied(
    decoder: &mut Decoder,
    texts: &[Vec<u32>],
    settings: Settings,
    seed: u64,
    on: &mut dyn FnMut(Happening) -> bool,
) -> bool {
    let Settings { tuning, minibatch, .. } = settings;
    let example = |text: &Vec<u32>| Example { prompt: text[..1].to_vec(), target: text[1..].to_vec() };
    let examples: Vec<Example> = texts.iter().map(example).collect();
    let settings = super::train::Settings {
        method: Method::Head,
        objective: Objective::Likelihood,
        learning_rate: tuning.learning_rate,
        schedule: Schedule::Constant,
        warm_up: 0,
        batch: minibatch,
        epochs: tuning.epochs,
        tokens_at_once: usize::MAX,
        clip: None,
        optimizer: constants(tuning),
        seed,
    };
    let mut trainer = Trainer::new(decoder, &examples, settings);
    while trainer.taken() < trainer.steps() {
        // Where the numbers diverge, so does what is read out of them.
        let loss = trainer.advance().map_or(f64::NAN, |report| report.loss);
        if !loss.is_finite() || !on(Happening::Tuned { loss }) {
            return false;
        }
    }
    true
}

fn constants(tuning: Tuning) -> Constants {
    Constants { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: tuning.weight_decay }
}

/// Of every text the hidden states that predict something: all but the last.
fn states(decoder: &Decoder, texts: &[Vec<u32>]) -> Vec<Vec<f32>> {
    let (layers, kv_width, width) = (decoder.spec.layers, decoder.spec.kv_width(), decoder.spec.width);
    let examples: Vec<Example> = texts.iter().map(|text| Example { prompt: text.clone(), target: vec![] }).collect();
    let examples: Vec<&Example> = examples.iter().collect();
    let mut states = Vec::with_capacity(texts.len());
    for batch in batches(&examples, AT_ONCE) {
        let mut caches: Vec<Cache> = batch.iter().map(|_| Cache::new(layers, kv_width)).collect();
        let each = batch.iter().zip(&mut caches);
        let mut sequences: Vec<Sequence<'_>> =
            each.map(|(text, cache)| Sequence { tokens: &text.prompt, cache }).collect();
        let hidden = decoder.hidden(&mut sequences);
        let mut rest = &hidden[..];
        for text in &batch {
            let (own, left) = rest.split_at(text.prompt.len() * width);
            states.push(own[..own.len() - width].to_vec());
            rest = left;
        }
    }
    states
}

/// Queries, keys and values as the one map that they are in the files of GPT-2: its rows, which are inputs, are means over three
/// times as many outputs.
fn joined(mut readout: Readout) -> Readout {
    use LayerPart::{Key, Query, Value};
    let layers: Vec<usize> = readout
        .keys()
        .filter_map(|parameter| match parameter {
            Parameter::Part(Part::Layer(at, Query)) => Some(*at),
            _ => None,
        })
        .collect();
    for at in layers {
        let others = [Key, Value].map(|part| readout.remove(&Parameter::Part(Part::Layer(at, part))));
        let Some(own) = readout.get_mut(&Parameter::Part(Part::Layer(at, Query))) else { continue };
        for (i, own) in own.iter_mut().enumerate() {
            let sum: f32 = others.iter().flatten().map(|other| other[i]).sum();
            *own = (*own + sum) / 3.0;
        }
    }
    readout
}

#[cfg(test)]
#[path = "probe_tests.rs"]
mod tests;
