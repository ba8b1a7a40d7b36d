//! Generation of text token by token. Owns the batch of samples under way; what a sample is does not depend on which
//! others are in it: a vector's products do not depend on their company (`math::products`), and each sample has its own random
//! numbers.
//! Tasks may be added while others are under way.

use super::decoder::{Cache, Decoder, Sequence};
use super::sampling::Sampling;
use crate::metrics::Random;
use rayon::prelude::*;
use std::collections::VecDeque;
use std::sync::Arc;

/// A prompt and how it is to be continued.
#[derive(Clone, Debug)]
pub struct Task {
    /// Begins with the beginning-of-text token, where the model has one. Not empty.
    pub prompt: Vec<u32>,
    /// Seeds of the samples, one each.
    pub seeds: Vec<u64>,
    pub sampling: Sampling,
    /// New tokens of a sample at most.
    pub max_tokens: usize,
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

/// What a listener wants of a sample or a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    GoOn,
    /// The sample is complete with this token.
    Enough,
    /// Nobody wants the task's samples any more.
    Cancel,
}

/// Is told of samples while they are made. Tasks are named by their number in the order they were added.
pub trait Listener {
    /// A sample has one more token.
    fn token(&mut self, task: usize, sample: usize, token: u32) -> Wish;
    /// A sample has ended. The token that ended a text is none of its tokens.
    fn ended(&mut self, task: usize, sample: usize, finish: Finish);
}

struct UnderWay {
    task: usize,
    sample: usize,
    /// What is left of the limit.
    left: usize,
    sampling: Sampling,
    /// All tokens so far, the prompt's among them, if the sampling asks for them.
    seen: Vec<u32>,
    cache: Cache,
    random: Random,
    /// The token to be read next.
    next: u32,
}

/// Samples under way.
pub struct Generation<'a> {
    decoder: &'a Decoder,
    /// Tokens that end a text.
    ends: &'a [u32],
    /// Samples under way at a time.
    batch: usize,
    tasks: usize,
    waiting: VecDeque<(usize, Task)>,
    /// Samples whose prompt is read.
    ready: VecDeque<UnderWay>,
    active: Vec<UnderWay>,
}

impl<'a> Generation<'a> {
    /// Nothing under way. `ends` are tokens that end a text, `batch` is how many samples advance together.
    pub fn new(decoder: &'a Decoder, ends: &'a [u32], batch: usize) -> Self {
        let (waiting, ready) = (VecDeque::new(), VecDeque::new());
        Generation { decoder, ends, batch: batch.max(1), tasks: 0, waiting, ready, active: vec![] }
    }

    /// Adds a task and tells its number.
    pub fn add(&mut self, task: Task) -> usize {
        self.tasks += 1;
        self.waiting.push_back((self.tasks - 1, task));
        self.tasks - 1
    }

    /// True if all samples have ended.
    pub fn is_idle(&self) -> bool {
        self.active.is_empty() && self.ready.is_empty() && self.waiting.is_empty()
    }

    /// One more token for every sample under way, of which there are as many as fit.
    pub fn step(&mut self, listener: &mut dyn Listener) {
        while self.active.len() < self.batch {
            if let Some(ready) = self.ready.pop_front() {
                self.active.push(ready);
            } else if let Some((at, task)) = self.waiting.pop_front() {
                self.ready = begun(self.decoder, at, task);
            } else {
                break;
            }
        }
        let mut cancelled = Vec::new();
        let ends = self.ends;
        self.active.retain_mut(|sample| {
            let (task, number) = (sample.task, sample.sample);
            let finish = if ends.contains(&sample.next) {
                Some(Finish::EndOfText)
            } else {
                sample.left = sample.left.saturating_sub(1);
                match listener.token(task, number, sample.next) {
                    Wish::Cancel => {
                        cancelled.push(task);
                        return false;
                    }
                    Wish::Enough => Some(Finish::Stop),
                    Wish::GoOn => (sample.left == 0).then_some(Finish::Length),
                }
            };
            if let Some(finish) = finish {
                listener.ended(task, number, finish);
            }
            finish.is_none()
        });
        if !cancelled.is_empty() {
            self.active.retain(|sample| !cancelled.contains(&sample.task));
            self.ready.retain(|sample| !cancelled.contains(&sample.task));
        }
        self.advance();
    }

    /// Reads the next token of every sample and draws the one behind it.
    fn advance(&mut self) {
        if self.active.is_empty() {
            return;
        }
        let tokens: Vec<[u32; 1]> = self.active.iter().map(|sample| [sample.next]).collect();
        let caches = self.active.iter_mut().map(|sample| &mut sample.cache);
        let mut batch: Vec<Sequence<'_>> =
            tokens.iter().zip(caches).map(|(tokens, cache)| Sequence { tokens, cache }).collect();
        let hidden = self.decoder.hidden(&mut batch);
        let mut scores = self.decoder.scores(&hidden);
        let each = self.active.par_iter_mut().zip(scores.par_chunks_mut(self.decoder.spec.vocabulary));
        each.for_each(|(sample, scores)| {
            if sample.sampling.looks_back() {
                sample.seen.push(sample.next);
            }
            sample.next = sample.sampling.choose(scores, &sample.seen, &mut sample.random);
        });
    }
}

/// Reads a prompt once and draws the first token of each of its samples.
fn begun(decoder: &Decoder, at: usize, task: Task) -> VecDeque<UnderWay> {
    let Task { prompt, seeds, sampling, max_tokens } = task;
    let mut cache = Cache::new(decoder.spec.layers, decoder.spec.kv_width());
    let hidden = decoder.hidden(&mut [Sequence { tokens: &prompt, cache: &mut cache }]);
    let scores = decoder.scores(&hidden[hidden.len() - decoder.spec.width..]);
    let shared = Arc::new(cache);
    let begun = seeds.into_par_iter().enumerate().map(|(sample, seed)| {
        let mut random = Random::new(seed);
        let next = sampling.choose(&mut scores.clone(), &prompt, &mut random);
        let seen = if sampling.looks_back() { prompt.clone() } else { vec![] };
        let cache = Cache::behind(&shared);
        UnderWay { task: at, sample, left: max_tokens, sampling, seen, cache, random, next }
    });
    begun.collect::<Vec<_>>().into()
}
