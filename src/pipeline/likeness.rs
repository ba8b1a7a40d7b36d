//! Vectors of informal statements, for examples chosen by how alike they are. Owns which texts go through the model.

use super::prompting::prompt_tokens;
use crate::domain::Problem;
use crate::generator::Local;
use crate::ml::embedding::{centred, mean_states};
use crate::ml::error::ModelError;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tokens that go through the model together.
const BATCH: usize = 1024;

/// A vector for the informal statement of each problem, in order, centred on their common mean. `None` if interrupted.
pub fn vectors(
    model: &Local,
    problems: &[&Problem],
    stop: &AtomicBool,
    done: &mut dyn FnMut(usize),
) -> Result<Option<Vec<Vec<f32>>>, ModelError> {
    let text = |problem: &&Problem| problem.informal.clone().unwrap_or_default() + "\n";
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
