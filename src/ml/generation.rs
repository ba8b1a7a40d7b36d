//! Generation of text token by token. Owns the batch of samples under way; what a sample is does not depend on which
//! others are in it: prompts are read alone, tokens are computed row by row, and each sample has its own random numbers.

use super::decoder::{Cache, Decoder, How, Sequence};
use super::sampling::Sampling;
use crate::metrics::Random;
use std::sync::Arc;

/// A prompt and how many samples of it are wanted.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// Begins with the beginning-of-text token, where the model has one. Not empty.
    pub tokens: Vec<u32>,
    /// Seeds of the samples, one each.
    pub seeds: Vec<u64>,
}

/// Why a sample ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Finish {
    /// The model said so.
    EndOfText,
    /// What was asked for is there.
    Stop,
    /// The limit of tokens was met.
    Length,
}

impl Finish {
    /// Its name in results.
    pub fn as_str(self) -> &'static str {
        match self {
            Finish::EndOfText => "end_of_text",
            Finish::Stop => "stop",
            Finish::Length => "length",
        }
    }
}

/// A finished sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Index of the prompt, and of the sample among those of the prompt.
    pub prompt: usize,
    pub sample: usize,
    /// Without the token that ended it.
    pub tokens: Vec<u32>,
    pub finish: Finish,
}

/// Limits of generation.
#[derive(Clone, Debug)]
pub struct Limits<'a> {
    /// New tokens of a sample.
    pub tokens: usize,
    /// Samples under way at a time.
    pub batch: usize,
    /// Tokens that end a text.
    pub ends: &'a [u32],
}

struct UnderWay {
    prompt: usize,
    sample: usize,
    tokens: Vec<u32>,
    cache: Cache,
    random: Random,
    /// The token to be read next.
    next: u32,
}

/// Generates all samples. `stops` says of a sample's tokens so far whether they are enough; `done` is given every sample
/// as it ends, and ends generation by returning false.
pub fn generate(
    decoder: &Decoder,
    prompts: &[Prompt],
    sampling: &Sampling,
    limits: &Limits<'_>,
    stops: &dyn Fn(&[u32]) -> bool,
    done: &mut dyn FnMut(Sample) -> bool,
) {
    let mut waiting = prompts.iter().enumerate();
    let mut ready: Vec<UnderWay> = Vec::new();
    let mut active: Vec<UnderWay> = Vec::new();
    loop {
        while active.len() < limits.batch.max(1) {
            if ready.is_empty() {
                let Some((at, prompt)) = waiting.next() else { break };
                ready = begun(decoder, at, prompt, sampling);
                ready.reverse();
                continue;
            }
            active.extend(ready.pop());
        }
        if active.is_empty() {
            return;
        }
        let mut going = Vec::new();
        for mut sample in active.drain(..) {
            let finish = match sample.next {
                token if limits.ends.contains(&token) => Some(Finish::EndOfText),
                token => {
                    sample.tokens.push(token);
                    let is_enough = stops(&sample.tokens);
                    let is_long = sample.tokens.len() >= limits.tokens;
                    is_enough.then_some(Finish::Stop).or(is_long.then_some(Finish::Length))
                }
            };
            match finish {
                None => going.push(sample),
                Some(finish) => {
                    let UnderWay { prompt, sample, tokens, .. } = sample;
                    if !done(Sample { prompt, sample, tokens, finish }) {
                        return;
                    }
                }
            }
        }
        active = going;
        advance(decoder, &mut active, prompts, sampling);
    }
}

/// Reads a prompt once and draws the first token of each of its samples.
fn begun(decoder: &Decoder, at: usize, prompt: &Prompt, sampling: &Sampling) -> Vec<UnderWay> {
    let mut cache = Cache::new(decoder.spec.layers, decoder.spec.kv_width());
    let hidden = decoder.hidden(&mut [Sequence { tokens: &prompt.tokens, cache: &mut cache }], How::Together);
    let scores = decoder.scores(&hidden[hidden.len() - decoder.spec.width..], How::RowByRow);
    let shared = Arc::new(cache);
    let seeds = prompt.seeds.iter().enumerate();
    seeds
        .map(|(sample, seed)| {
            let mut random = Random::new(*seed);
            let next = sampling.choose(&mut scores.clone(), &prompt.tokens, &mut random);
            UnderWay { prompt: at, sample, tokens: vec![], cache: Cache::behind(&shared), random, next }
        })
        .collect()
}

/// Reads the next token of every sample and draws the one behind it.
fn advance(decoder: &Decoder, active: &mut [UnderWay], prompts: &[Prompt], sampling: &Sampling) {
    if active.is_empty() {
        return;
    }
    let tokens: Vec<[u32; 1]> = active.iter().map(|sample| [sample.next]).collect();
    let caches = active.iter_mut().map(|sample| &mut sample.cache);
    let mut batch: Vec<Sequence<'_>> =
        tokens.iter().zip(caches).map(|(tokens, cache)| Sequence { tokens, cache }).collect();
    let hidden = decoder.hidden(&mut batch, How::RowByRow);
    let mut scores = decoder.scores(&hidden, How::RowByRow);
    for (sample, scores) in active.iter_mut().zip(scores.chunks_mut(decoder.spec.vocabulary)) {
        let before = if sampling.repetition_penalty == 1.0 {
            vec![]
        } else {
            [&prompts[sample.prompt].tokens[..], &sample.tokens[..]].concat()
        };
        sample.next = sampling.choose(scores, &before, &mut sample.random);
    }
}
