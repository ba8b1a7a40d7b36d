//! A run of training, step by step. Owns what a step is: its examples, their loss and gradients, clipping, the optimizer.

use super::checkpoint::{self, Progress};
use super::optimizer::{Constants, Optimizer, norm};
use super::preference::{Weighed, weigh};
use super::{Method, Order, Schedule};
use crate::ml::decoder::Decoder;
use crate::ml::decoder::parameters::Gradients;
use crate::ml::error::ModelError;
use crate::ml::loss::{Example, batches, losses};
use crate::ml::math::divergence::Distillation;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What a step makes smaller.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Objective {
    /// The mean loss of target tokens.
    Likelihood,
    /// How far the model is from preferring the first of two answers to the second ([`super::preference`]): the examples are
    /// pairs, each a chosen answer and behind it a rejected one.
    Preference { beta: f64 },
    /// How far the model is from what a teacher says behind the same tokens, mixed with the loss of target tokens.
    Distillation(Distillation),
}

/// What a run is made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub method: Method,
    pub objective: Objective,
    pub learning_rate: f64,
    pub schedule: Schedule,
    /// Steps in which the learning rate rises.
    pub warm_up: usize,
    /// Examples of a step, or pairs of them.
    pub batch: usize,
    pub epochs: usize,
    /// Tokens that go through the model together: a step with more of them is taken in several passes.
    pub tokens_at_once: usize,
    /// The length that gradients are cut to, if they are longer.
    pub clip: Option<f64>,
    pub optimizer: Constants,
    pub seed: u64,
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepReport {
    /// Counted from 1.
    pub step: usize,
    /// The objective before the step: mean over target tokens in nats, or over pairs.
    pub loss: f64,
    /// Share of the pairs whose chosen answer the model prefers by more than the reference does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred: Option<f64>,
    /// How far the model is from its teacher alone: mean over target tokens in nats, of softened distributions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub divergence: Option<f64>,
    pub learning_rate: f64,
    /// Length of the gradients before they are cut.
    pub gradient_norm: f64,
    /// Tokens the model read, and those among them that it was to predict.
    pub tokens: u64,
    pub target_tokens: u64,
}

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Nothing of the step was applied.
    #[error("step {step}: {what} is {value}; the run has diverged")]
    Diverged { step: usize, what: &'static str, value: f64, examples: Vec<usize> },
}

/// A model in training.
pub struct Trainer<'a> {
    pub decoder: &'a mut Decoder,
    settings: Settings,
    examples: &'a [Example],
    /// Which model is to be learnt from, if the objective asks for one. It stays as it is.
    teacher: Option<&'a Decoder>,
    /// Nats of all examples under the model as it was given, if the objective asks for them.
    reference: Vec<f64>,
    order: Order,
    gradients: Gradients,
    pub(super) optimizer: Optimizer,
    /// Steps taken.
    pub(super) step: usize,
}

impl<'a> Trainer<'a> {
    /// No steps yet. With an adapter to be trained, the decoder has it on. With pairs, the decoder is the reference as it is
    /// now, and reads them all.
    ///
    /// # Panics
    /// If there are no examples, a step has none, an example of a pair lacks its other, or the objective is to learn from a
    /// teacher ([`Trainer::taught`]).
    pub fn new(decoder: &'a mut Decoder, examples: &'a [Example], settings: Settings) -> Trainer<'a> {
        Trainer::taught(decoder, None, examples, settings)
    }

    /// The same with a teacher, whose tokens are the model's.
    ///
    /// # Panics
    /// As [`Trainer::new`]; or if there is a teacher and the objective asks for none, or none and it asks for one.
    pub fn taught(
        decoder: &'a mut Decoder,
        teacher: Option<&'a Decoder>,
        examples: &'a [Example],
        settings: Settings,
    ) -> Trainer<'a> {
        let is_taught = matches!(settings.objective, Objective::Distillation(_));
        assert_eq!(teacher.is_some(), is_taught, "a teacher is there where the objective asks for one");
        let spec = decoder.spec.clone();
        let mut gradients = Gradients::zeros(decoder, |parameter| settings.method.trains(parameter, &spec));
        let optimizer = Optimizer::new(settings.optimizer, &mut gradients);
        let (count, reference) = match settings.objective {
            Objective::Likelihood | Objective::Distillation(_) => (examples.len(), vec![]),
            Objective::Preference { .. } => {
                assert!(examples.len().is_multiple_of(2), "an example of a pair has its other");
                let all: Vec<&Example> = examples.iter().collect();
                (examples.len() / 2, nats(decoder, &all, settings.tokens_at_once))
            }
        };
        let order = Order::new(count, settings.batch, settings.epochs, settings.seed);
        Trainer { decoder, settings, examples, teacher, reference, order, gradients, optimizer, step: 0 }
    }

    /// Steps of the whole run.
    pub fn steps(&self) -> usize {
        self.order.steps()
    }

    /// Steps taken.
    pub fn taken(&self) -> usize {
        self.step
    }

    /// Numbers that are trained.
    pub fn trained(&mut self) -> usize {
        self.gradients.count()
    }

    /// Takes the next step. After an error the model is as before it.
    pub fn advance(&mut self) -> Result<StepReport, TrainError> {
        let indices = self.indices();
        let examples: Vec<&Example> = indices.iter().map(|at| &self.examples[*at]).collect();
        let target_tokens: usize = examples.iter().map(|example| example.target.len()).sum();
        let weighed = self.weighed(&indices, &examples);
        if let Method::Lora(lora) = &self.settings.method {
            self.decoder
                .drop_out(lora.dropout, self.settings.seed ^ (self.step as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        }
        self.gradients.clear();
        let (mut nats, mut divergence, mut at) = (0.0, None, 0);
        for batch in batches(&examples, self.settings.tokens_at_once) {
            let mut weights = Vec::new();
            for example in &batch {
                let weight = weighed.as_ref().map_or(1.0 / target_tokens as f32, |weighed| weighed.weights[at]);
                weights.resize(weights.len() + example.target.len(), weight);
                at += 1;
            }
            match (self.settings.objective, self.teacher) {
                (Objective::Distillation(how), Some(teacher)) => {
                    let found = self.decoder.taught_by(teacher, &batch, &weights, how, &mut self.gradients);
                    nats += found.iter().map(|taught| taught.loss).sum::<f64>();
                    *divergence.get_or_insert(0.0) += found.iter().map(|taught| taught.divergence).sum::<f64>();
                }
                _ => {
                    let found = self.decoder.loss_and_gradients(&batch, &weights, &mut self.gradients);
                    nats += found.iter().map(|loss| f64::from(*loss)).sum::<f64>();
                }
            }
        }
        self.decoder.drop_out(0.0, 0);
        let loss = weighed.as_ref().map_or(nats / target_tokens as f64, |weighed| weighed.loss);
        let gradient_norm = norm(&mut self.gradients);
        let step = self.step + 1;
        for (what, value) in [("the loss", loss), ("the gradients' length", gradient_norm)] {
            if !value.is_finite() {
                return Err(TrainError::Diverged { step, what, value, examples: indices });
            }
        }
        let factor = match self.settings.clip {
            Some(clip) if gradient_norm > clip => (clip / gradient_norm) as f32,
            _ => 1.0,
        };
        let share = self.settings.schedule.share(self.step, self.settings.warm_up, self.steps());
        let learning_rate = self.settings.learning_rate * share;
        self.optimizer.step(self.decoder, &mut self.gradients, learning_rate, factor);
        self.step = step;
        let tokens = examples.iter().map(|e| (e.prompt.len() + e.target.len()) as u64).sum();
        let preferred = weighed.map(|weighed| weighed.preferred);
        let divergence = divergence.map(|nats| nats / target_tokens as f64);
        let target_tokens = target_tokens as u64;
        Ok(StepReport { step, loss, preferred, divergence, learning_rate, gradient_norm, tokens, target_tokens })
    }

    /// The examples of the next step.
    fn indices(&mut self) -> Vec<usize> {
        let places = self.order.step(self.step);
        match self.settings.objective {
            Objective::Likelihood | Objective::Distillation(_) => places,
            Objective::Preference { .. } => places.into_iter().flat_map(|pair| [2 * pair, 2 * pair + 1]).collect(),
        }
    }

    /// What examples weigh, where it is not the same for all target tokens.
    fn weighed(&self, indices: &[usize], examples: &[&Example]) -> Option<Weighed> {
        let Objective::Preference { beta } = self.settings.objective else { return None };
        let nats = nats(self.decoder, examples, self.settings.tokens_at_once);
        let reference: Vec<f64> = indices.iter().map(|at| self.reference[*at]).collect();
        Some(weigh(&nats, &reference, beta))
    }

    /// Mean loss of other examples in nats per target token, with the model as it is.
    pub fn loss(&self, examples: &[&Example]) -> f64 {
        let each = batches(examples, self.settings.tokens_at_once).into_iter();
        let each: Vec<_> = each.flat_map(|batch| losses(self.decoder, &batch)).collect();
        each.iter().map(|loss| loss.nats).sum::<f64>() / each.iter().map(|loss| loss.tokens).sum::<u64>().max(1) as f64
    }

    /// Writes a checkpoint, then deletes all but the last `keep` and that of step `best`.
    pub fn save(
        &mut self,
        directory: &Path,
        progress: &Progress,
        keep: usize,
        best: Option<usize>,
    ) -> Result<PathBuf, ModelError> {
        let path = checkpoint::write(self, directory, progress)?;
        checkpoint::prune(directory, keep, best)?;
        Ok(path)
    }

    /// The last complete checkpoint of a directory, if there is one.
    pub fn last(directory: &Path) -> Result<Option<Progress>, ModelError> {
        checkpoint::all(directory).last().map(|(_, path)| checkpoint::progress(path)).transpose()
    }

    /// Goes back, or on, to the checkpoint of a step.
    pub fn restore(&mut self, directory: &Path, step: usize) -> Result<(), ModelError> {
        match checkpoint::all(directory).into_iter().find(|(own, _)| *own == step) {
            Some((_, path)) => checkpoint::read(self, &path),
            None => Err(ModelError::Missing {
                path: directory.to_owned(),
                what: format!("the checkpoint of step {step}"),
                hint: String::new(),
            }),
        }
    }
}

/// Negative log-likelihoods of examples.
fn nats(decoder: &Decoder, examples: &[&Example], tokens_at_once: usize) -> Vec<f64> {
    let batches = batches(examples, tokens_at_once).into_iter();
    batches.flat_map(|batch| losses(decoder, &batch)).map(|loss| loss.nats).collect()
}
