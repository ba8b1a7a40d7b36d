//! `loss`: what a language model thinks of the reference statements of a data set, or of predictions for them. Owns the order of the work and the
//! lines of the output; the arithmetic is `ml::loss`'s, the means and intervals `metrics`'.

use super::prompting::{PromptError, prompt_tokens};
use crate::domain::Problem;
use crate::metrics::{ExampleLoss, MeanLoss, RESAMPLES, bootstrap_mean, perplexity};
use crate::ml::decoder::Decoder;
use crate::ml::loss::{Example, batches, losses};
use crate::ml::tokenizer::Tokenizer;
use crate::prompts::Template;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tokens that go through the model together.
const BATCH: usize = 1024;

/// The loss of a problem's reference, or of a prediction for it.
#[derive(Clone, Debug, Serialize)]
pub struct Line<'a> {
    pub id: &'a str,
    /// Of a prediction, which one of its problem, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<usize>,
    /// Of a prediction, its place among those of its problem by loss, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// Mean nats per token of the text.
    pub loss: f64,
    pub nats: f64,
    /// Tokens of the text, and of the prompt in front of it.
    pub tokens: u64,
    pub prompt_tokens: u64,
}

/// A text whose likelihood behind a problem's prompt is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// Index of the problem.
    pub problem: usize,
    /// Which prediction of the problem; `None` for the reference.
    pub sample: Option<usize>,
    /// The prediction; `None` for the reference.
    pub text: Option<String>,
}

/// The places of predictions among those of their problem, from 1 for the lowest loss per token; the earlier first among
/// equals.
pub fn ranks(scored: &[Scored], losses: &[ExampleLoss]) -> Vec<usize> {
    let loss = |at: usize| losses[at].nats / losses[at].tokens as f64;
    let rank = |at: usize| {
        let before = |other: usize| (loss(other), other) < (loss(at), at);
        1 + (0..scored.len()).filter(|other| scored[*other].problem == scored[at].problem && before(*other)).count()
    };
    (0..scored.len()).map(rank).collect()
}

/// A mean loss over problems.
#[derive(Clone, Debug, Serialize)]
pub struct Mean {
    pub examples: usize,
    pub tokens: u64,
    /// Mean over problems of the mean over tokens, in nats, with its 95 % interval (bootstrap over problems).
    pub loss: f64,
    pub interval: Option<(f64, f64)>,
    /// Mean over all tokens.
    pub corpus_loss: f64,
    /// `exp(corpus_loss)`.
    pub perplexity: f64,
}

impl Mean {
    /// The mean of some losses; `None` of none.
    pub fn of(losses: &[ExampleLoss], seed: u64) -> Option<Mean> {
        let mean = MeanLoss::of(losses)?;
        let each: Vec<f64> = losses.iter().map(|l| l.nats / l.tokens as f64).collect();
        let interval = bootstrap_mean(&each, RESAMPLES, seed);
        Some(Mean {
            examples: losses.len(),
            tokens: losses.iter().map(|l| l.tokens).sum(),
            loss: mean.example_mean,
            interval,
            corpus_loss: mean.corpus_mean,
            perplexity: perplexity(mean.corpus_mean),
        })
    }
}

/// Tokens of a problem's prompt and of a text behind it, by default the reference.
pub fn example(
    tokenizer: &Tokenizer,
    template: &Template,
    problem: &Problem,
    text: Option<&str>,
) -> Result<Example, PromptError> {
    // Prompt and answer are cut into tokens apart, as in generation: the model sees the prompt before the answer exists.
    let prompt = prompt_tokens(tokenizer, &template.prompt(&[], problem)?)?;
    let target = match text {
        Some(text) => tokenizer.encode(text, false)?,
        None => tokenizer.encode(&template.answer(problem)?, false)?,
    };
    Ok(Example { prompt, target })
}

/// Measures all examples, telling `done` how many more are done. `None` if interrupted.
pub fn measure(
    decoder: &Decoder,
    examples: &[Example],
    stop: &AtomicBool,
    done: &mut dyn FnMut(usize),
) -> Option<Vec<ExampleLoss>> {
    let mut all = Vec::with_capacity(examples.len());
    let examples: Vec<&Example> = examples.iter().collect();
    for batch in batches(&examples, BATCH) {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        all.extend(losses(decoder, &batch));
        done(batch.len());
    }
    Some(all)
}

/// Means by the values of a dimension, such as the concept.
pub fn grouped<'a>(losses: &[ExampleLoss], of: impl Fn(usize) -> Option<&'a str>, seed: u64) -> BTreeMap<String, Mean> {
    let mut groups: BTreeMap<String, Vec<ExampleLoss>> = BTreeMap::new();
    for (at, loss) in losses.iter().enumerate() {
        if let Some(name) = of(at) {
            groups.entry(name.to_owned()).or_default().push(*loss);
        }
    }
    groups.into_iter().filter_map(|(name, losses)| Some((name, Mean::of(&losses, seed)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predictions_are_ranked_within_their_problem() {
        let of = |problem, sample| Scored { problem, sample: Some(sample), text: None };
        let scored = [of(0, 0), of(1, 0), of(0, 1), of(0, 2), of(1, 1)];
        let loss = |nats, tokens| ExampleLoss { nats, tokens };
        let losses = [loss(6.0, 3), loss(9.0, 1), loss(5.0, 5), loss(2.0, 1), loss(8.0, 8)];
        assert_eq!(ranks(&scored, &losses), [2, 2, 1, 3, 1]);
    }
}
