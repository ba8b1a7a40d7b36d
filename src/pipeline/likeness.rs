//! Vectors of informal statements, for examples chosen by how alike they are. Owns which texts go through the model.

use super::prompting::prompt_tokens;
use super::task2vec::{Batch, Sample};
use crate::domain::Problem;
use crate::generator::Local;
use crate::ml::embedding::{centred, mean_states};
use crate::ml::error::ModelError;
use crate::ml::probe::{Fim, Read, Settings, Tuning};
use crate::ml::tokenizer::Tokenizer;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tokens that go through the model together.
const BATCH: usize = 1024;

/// How a single statement is embedded by Task2Vec: without tuning a head, since two dozen tokens tune nothing, and read in the last
/// layers, not in vectors of words: those would say which words two statements share, which BM25 says for less.
pub const STATEMENT: Settings = Settings {
    tuning: Tuning { epochs: 0, learning_rate: 5e-5, weight_decay: 0.0 },
    minibatch: 1,
    fim: Fim::PerExample,
    draws: 8,
    read: Read::LastBlocks,
    compat: false,
};

/// The informal statement of each problem as a batch of its own, for [`STATEMENT`]. Longer ones than `context` tokens lose their
/// end. All are drawn for with the same numbers, so that equal statements have equal embeddings.
pub fn statements(tokenizer: &Tokenizer, context: usize, problems: &[&Problem]) -> Result<Sample, ModelError> {
    let batch = |problem: &&Problem| {
        let mut text = prompt_tokens(tokenizer, &text(problem))?;
        text.truncate(context);
        // Something has to be predicted, be the statement empty.
        if let [only] = text[..] {
            text.push(only);
        }
        Ok(Batch { seed: 0, texts: vec![text] })
    };
    let batches = problems.iter().map(batch).collect::<Result<_, ModelError>>()?;
    Ok(Sample { source: "statements".into(), batches, documents: None, sha256: vec![] })
}

fn text(problem: &Problem) -> String {
    problem.informal.clone().unwrap_or_default() + "\n"
}

/// A vector for the informal statement of each problem, in order, centred on their common mean. `None` if interrupted.
pub fn vectors(
    model: &Local,
    problems: &[&Problem],
    stop: &AtomicBool,
    done: &mut dyn FnMut(usize),
) -> Result<Option<Vec<Vec<f32>>>, ModelError> {
    let texts = problems.iter().map(|p| prompt_tokens(&model.tokenizer, &text(p))).collect::<Result<Vec<_>, _>>()?;
    let mut vectors = Vec::with_capacity(texts.len());
    let mut rest = &texts[..];
    while !rest.is_empty() {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let mut tokens = 0;
        let count = rest.iter().take_while(|text| {
            let before = tokens;
            tokens += text.len();
            before == 0 || tokens <= BATCH
        });
        let (now, later) = rest.split_at(count.count());
        vectors.extend(mean_states(&model.decoder, &now.iter().map(Vec::as_slice).collect::<Vec<_>>()));
        done(now.len());
        rest = later;
    }
    centred(&mut vectors);
    Ok(Some(vectors))
}
