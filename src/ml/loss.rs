//! What a model thinks of given text: cross entropy of a target behind a prompt. Owns how examples are batched; a batch
//! holds no padding, and an example's loss does not depend on its company.

use super::decoder::{Cache, Decoder, Sequence};
use crate::metrics::ExampleLoss;

/// A prompt and the text whose likelihood behind it is asked for, as tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Begins with the beginning-of-text token, where the model has one. Not empty.
    pub prompt: Vec<u32>,
    pub target: Vec<u32>,
}

impl Example {
    /// The tokens the model reads: all but the last.
    pub fn inputs(&self) -> Vec<u32> {
        let mut tokens = [&self.prompt[..], &self.target[..]].concat();
        tokens.pop();
        tokens
    }
}

/// Cross entropy of each target token, in nats, example after example. All examples go through the model together.
///
/// # Panics
/// If a prompt is empty or a token is not in the vocabulary.
pub fn token_losses(decoder: &Decoder, examples: &[&Example]) -> Vec<Vec<f32>> {
    let spec = &decoder.spec;
    let mut caches: Vec<Cache> = examples.iter().map(|_| Cache::new(spec.layers, spec.kv_width())).collect();
    let texts: Vec<Vec<u32>> = examples.iter().map(|example| example.inputs()).collect();
    let each = texts.iter().zip(&mut caches);
    let mut batch: Vec<Sequence<'_>> = each.map(|(tokens, cache)| Sequence { tokens, cache }).collect();
    let hidden = decoder.hidden(&mut batch);
    // The row in front of each target token predicts it.
    let (mut rows, mut from) = (Vec::new(), 0);
    for example in examples {
        let first = from + example.prompt.len() - 1;
        rows.extend(example.target.iter().enumerate().map(|(i, token)| (first + i, *token)));
        from += example.prompt.len() + example.target.len() - 1;
    }
    let width = spec.width;
    let states: Vec<f32> = rows.iter().flat_map(|(row, _)| &hidden[row * width..(row + 1) * width]).copied().collect();
    let targets: Vec<u32> = rows.iter().map(|(_, token)| *token).collect();
    let losses = decoder.cross_entropies(&states, &targets);
    let mut losses = losses.into_iter();
    examples.iter().map(|e| losses.by_ref().take(e.target.len()).collect()).collect()
}

/// Cross entropy of each example.
pub fn losses(decoder: &Decoder, examples: &[&Example]) -> Vec<ExampleLoss> {
    let of = |tokens: Vec<f32>| ExampleLoss {
        nats: tokens.iter().map(|x| f64::from(*x)).sum(),
        tokens: tokens.len() as u64,
    };
    token_losses(decoder, examples).into_iter().map(of).collect()
}

/// Cuts examples into batches of about `tokens` tokens, in order.
pub fn batches<'a>(examples: &[&'a Example], tokens: usize) -> Vec<Vec<&'a Example>> {
    let mut batches: Vec<Vec<&Example>> = Vec::new();
    let mut size = usize::MAX;
    for example in examples {
        let own = example.prompt.len() + example.target.len();
        if size.saturating_add(own) > tokens || batches.is_empty() {
            batches.push(vec![]);
            size = 0;
        }
        size += own;
        batches.last_mut().expect("one was pushed").push(example);
    }
    batches
}
