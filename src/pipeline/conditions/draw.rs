//! Examples of a condition for a seed and a budget of tokens. Owns the order, the shares of a mixture, the window of an
//! unpaired view, and where the last example is cut; the same input gives the same examples on every machine.

use super::data::Data;
use super::encoder::{EncodeError, Encoder};
use super::report::Report;
use super::stream::Stream;
use crate::metrics::Random;
use std::collections::VecDeque;

/// What the model reads at a time, and how much of it is learnt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The document's.
    pub id: String,
    /// Not empty: what predicts the first token of the target.
    pub prompt: Vec<u32>,
    /// Not empty.
    pub target: Vec<u32>,
}

impl Example {
    /// Tokens the model reads.
    pub fn tokens(&self) -> usize {
        self.prompt.len() + self.target.len()
    }

    /// Keeps at most `tokens` tokens of it, which are two at least: the target loses its end; where the prompt leaves no room for
    /// one token of it, the prompt its beginning.
    pub(super) fn cut(&mut self, tokens: usize) {
        let front = self.prompt.len().saturating_sub(tokens - 1);
        self.prompt.drain(..front);
        self.target.truncate(tokens - self.prompt.len());
    }
}

/// What becomes of examples that are longer than the context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLong {
    Cut,
    LeaveOut,
}

/// How a condition is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawing {
    pub seed: u64,
    /// Tokens in all, prompts and targets; `None` for as many as there are before some pool would have to repeat itself.
    pub budget: Option<u64>,
    /// Tokens of an example at most.
    pub context: Option<usize>,
    pub too_long: TooLong,
}

/// Tokens of an example at least, but for the last: a prompt, a text and its end.
const SHORTEST: usize = 3;

/// The examples of a condition, in the order in which they are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    pub examples: Vec<Example>,
    pub report: Report,
}

/// Why a condition cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    #[error("`{id}` cannot be encoded: {source}")]
    Encode { id: String, source: EncodeError },
    #[error("a budget of {0} {1} holds no example: it takes two at least")]
    Budget(u64, &'static str),
    #[error("a context of {0} {1} holds no example: it takes three at least")]
    Context(usize, &'static str),
    #[error("every text of {pool} is longer than {context} {unit}; cut them or raise the context")]
    AllTooLong { pool: String, context: usize, unit: &'static str },
    #[error(
        "{pool} cannot keep a window of {window} examples: with {documents} texts, some would never be far enough from their \
         counterparts; write unpaired/N: with a smaller N"
    )]
    Window { pool: String, documents: usize, window: usize },
}

impl Data {
    /// Draws the examples. Next is always the pool that is furthest behind its share.
    pub fn draw(&self, encoder: &dyn Encoder, drawing: &Drawing) -> Result<Drawn, DrawError> {
        if let Some(context) = drawing.context.filter(|context| *context < SHORTEST) {
            return Err(DrawError::Context(context, encoder.unit()));
        }
        let mut streams = self.streams(encoder, drawing);
        let budget = match drawing.budget {
            Some(budget) => budget,
            None => streams.iter_mut().try_fold(u64::MAX, |least, stream| Ok(least.min(stream.lasts_for()?)))?,
        };
        if budget < 2 {
            return Err(DrawError::Budget(budget, encoder.unit()));
        }
        // Of each part its last examples, by stream and statement.
        let mut recent: Vec<VecDeque<(usize, &str)>> = vec![VecDeque::new(); self.parts.len()];
        let mut examples = Vec::new();
        let mut left = budget;
        while left > 0 {
            let behind = |stream: usize| streams[stream].progress();
            let next = (0..streams.len()).min_by(|a, b| behind(*a).total_cmp(&behind(*b)));
            let next = next.expect("a condition has a part and a part has a pool");
            let stream = &mut streams[next];
            let near = &mut recent[stream.part];
            let is_counterpart =
                |statement: &str| near.iter().any(|(pool, other)| *pool != next && *other == statement);
            let (mut example, statement) = stream.next(|document| !is_counterpart(&document.statement))?;
            // A single token is no example: what remains must not be one.
            let room = if example.tokens() as u64 + 1 == left { left - 2 } else { left };
            example.cut(usize::try_from(room).unwrap_or(usize::MAX));
            left -= example.tokens() as u64;
            near.push_back((next, statement));
            if near.len() >= stream.window {
                near.pop_front();
            }
            stream.report.count(&example);
            examples.push(example);
        }
        let pools = streams.into_iter().map(|stream| stream.report).collect();
        let report = Report::new(self, encoder.unit(), drawing, &examples, pools);
        Ok(Drawn { examples, report })
    }

    fn streams<'a>(&'a self, encoder: &'a dyn Encoder, drawing: &'a Drawing) -> Vec<Stream<'a>> {
        let weights: f64 = self.parts.iter().map(|part| part.weight).sum();
        let mut seeds = Random::new(drawing.seed);
        let mut streams = Vec::new();
        for (part, pools) in self.parts.iter().enumerate() {
            let share = pools.weight / weights / pools.pools.len() as f64;
            for pool in &pools.pools {
                let window = pools.window.unwrap_or(1);
                streams.push(Stream::new(pool, part, share, window, seeds.next_u64(), encoder, drawing));
            }
        }
        streams
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_keeps_something_to_predict_and_something_to_predict_it_from() {
        let cut = |tokens| {
            let mut example = Example { id: "a".into(), prompt: vec![0, 1, 2], target: vec![3, 4, 5] };
            example.cut(tokens);
            (example.prompt, example.target)
        };
        assert_eq!(cut(9), (vec![0, 1, 2], vec![3, 4, 5]));
        assert_eq!(cut(6), (vec![0, 1, 2], vec![3, 4, 5]));
        assert_eq!(cut(5), (vec![0, 1, 2], vec![3, 4]));
        assert_eq!(cut(4), (vec![0, 1, 2], vec![3]));
        assert_eq!(cut(3), (vec![1, 2], vec![3]));
        assert_eq!(cut(2), (vec![2], vec![3]));
    }
}
